"""The result of a pass over a part, on disk: plain arrays and JSON, from which a build is resumed.

Letters: ``P`` points of all examples together.
"""

from __future__ import annotations

import io
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from limner.files import write_bytes
from limner.recipes.columns import Columns
from limner.recipes.step_stats import Example, Histogram, Rejection, StepStats
from limner.strokes.segments import offsets_from_lengths

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Arrays = dict[str, NDArray[Any]]

_COLUMNS = ("split", "page", "strokes", "points", "label")
_MORE = "more."
_HISTOGRAMS = ("strokes", "points", "stroke_points")


@dataclass(frozen=True)
class Record:
    """The result of a pass."""

    stats: StepStats
    facts: dict[str, Any] = field(default_factory=dict)
    """Anything that JSON holds."""
    arrays: Arrays = field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Write the record, whole or not at all."""
        rows: list[NDArray[np.float32]] = []
        texts = json.dumps({"facts": self.facts, "tally": _take_apart(self.stats, rows)})
        own = {
            "texts": np.frombuffer(texts.encode(), np.uint8),
            "rows": np.concatenate([np.zeros((0, 3), np.float32), *rows]),  # (P, 3)
            "offsets": offsets_from_lengths([len(some) for some in rows]),
        }
        stream = io.BytesIO()
        np.savez(stream, allow_pickle=False, **{f"own.{name}": a for name, a in own.items()}, **self.arrays)
        write_bytes(path, stream.getvalue())

    @classmethod
    def load(cls, path: Path) -> Record:
        """Read a record of :meth:`save`."""
        with np.load(path, allow_pickle=False) as members:
            arrays = {name: members[name] for name in members.files}
        texts, rows, offsets = (arrays.pop(f"own.{name}") for name in ("texts", "rows", "offsets"))
        found = json.loads(texts.tobytes())
        return cls(_put_together(found["tally"], np.split(rows, offsets[1:-1])), found["facts"], arrays)


def column_arrays(columns: Columns) -> Arrays:
    """Return columns as arrays by name, without the names of labels."""
    more = {_MORE + name: np.asarray(array) for name, array in columns.more.items()}
    return {name: getattr(columns, name) for name in _COLUMNS} | more


def columns_of(arrays: Arrays, label_names: Sequence[str]) -> Columns:
    """Rebuild columns from the arrays of :func:`column_arrays`."""
    more = {name.removeprefix(_MORE): array for name, array in arrays.items() if name.startswith(_MORE)}
    usual = {name: arrays[name] for name in _COLUMNS}
    return Columns(**usual, label_names=tuple(label_names), more=more)


def _take_apart(stats: StepStats, rows: list[NDArray[np.float32]]) -> dict[str, Any]:
    """Convert stats to JSON; the rows of the examples are appended to a list of their own."""

    def told(example: Example) -> list[Any]:
        rows.extend((example.before, example.after))
        return [example.rank, example.source, len(rows) - 2, example.box]

    return {
        "counts": stats.counts.tolist(),
        "reasons": [[*key, n] for key, n in stats.reasons.items()],
        "rejected": stats.rejected,
        "dropped": [[*key, list(map(told, examples))] for key, examples in stats.dropped.items()],
        "kept": list(map(told, stats.kept)),
        "before": _lists(stats.before),
        "after": _lists(stats.after),
    }


def _put_together(told: dict[str, Any], rows: list[NDArray[np.float32]]) -> StepStats:
    def example(rank: int, source: str, at: int, box: list[float] | None) -> Example:
        place = None if box is None else (box[0], box[1], box[2], box[3])
        return Example(rank, source, rows[at], rows[at + 1], place)

    return StepStats(
        counts=np.array(told["counts"], np.int64),
        reasons=Counter({(step, reason): n for step, reason, n in told["reasons"]}),
        rejected=[Rejection(*one) for one in told["rejected"]],
        dropped={(step, why): [example(*one) for one in some] for step, why, some in told["dropped"]},
        kept=[example(*one) for one in told["kept"]],
        before=_histogram(told["before"]),
        after=_histogram(told["after"]),
    )


def _lists(histogram: Histogram) -> list[list[list[int]]]:
    return [[list(pair) for pair in getattr(histogram, name).items()] for name in _HISTOGRAMS]


def _histogram(lists: list[list[tuple[int, int]]]) -> Histogram:
    return Histogram(*(Counter(dict(pairs)) for pairs in lists))
