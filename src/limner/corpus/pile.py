"""``Pile``: splits that are put together part by part, each part forgotten as soon as it is on the pile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from limner.corpus.corpus import SPLIT_NAMES, Split
from limner.corpus.growing import Growing, InMemory
from limner.corpus.names import Names

if TYPE_CHECKING:
    from numpy.typing import NDArray

Grow = Callable[[str, str, tuple[int, ...]], Growing]
"""Makes an empty array that grows, of a name, a number format and the shape of one row."""

ARRAYS: dict[str, tuple[str, tuple[int, ...]]] = {
    "rows": ("f4", (3,)),
    "offsets": ("i8", ()),
    "labels": ("i4", ()),
    "text": ("u1", ()),
    "text-offsets": ("i8", ()),
    "origins": ("i4", ()),
}
"""What a split is made of: number formats, and shapes of one row. ``text`` holds the sources."""


def split_of(arrays: Mapping[str, NDArray[Any]]) -> Split:
    """Make a split of its :data:`ARRAYS`."""
    names = Names(arrays["text"], arrays["text-offsets"])
    return Split(arrays["rows"], arrays["offsets"], arrays["labels"], names, arrays["origins"])


class Pile:
    """Splits by name, under ``None`` drawings that belong to none, and the labels that they count into.

    Parameters
    ----------
    grow : callable
        Where the arrays grow: in memory unless given.
    """

    def __init__(self, grow: Grow = InMemory) -> None:
        self._grow = grow
        self._parts: dict[str | None, _Part] = {}
        self._places: dict[str, int] = {}  # of label names, in the order in which they were met
        self._last: tuple[tuple[str, ...], NDArray[np.int32]] = ((), np.array([-1], np.int32))

    def add(self, name: str | None, part: Split, label_names: Sequence[str]) -> None:
        """Put drawings behind those of the same split."""
        if name not in self._parts:
            self._parts[name] = _Part(name or "none", self._grow)
        self._parts[name].append(part, self._table(tuple(label_names))[part.labels])

    def done(self) -> tuple[dict[str | None, Split], tuple[str, ...]]:
        """Give the splits - train, valid, test, None - and the names of their labels, sorted."""
        names = tuple(sorted(self._places))
        order = {label: i for i, label in enumerate(names)}
        table = np.array([*(order[label] for label in self._places), -1], np.int32)
        keys = [name for name in (*SPLIT_NAMES, None) if name in self._parts]
        return {key: self._parts.pop(key).done(table) for key in keys}, names

    def _table(self, label_names: tuple[str, ...]) -> NDArray[np.int32]:
        """Give the places of labels, and -1 behind them."""
        if self._last[0] != label_names:
            table = [self._places.setdefault(label, len(self._places)) for label in label_names]
            self._last = (label_names, np.array([*table, -1], np.int32))
        return self._last[1]


class _Part:
    """One split."""

    def __init__(self, name: str, grow: Grow) -> None:
        self._arrays = {what: grow(f"{name}.{what}", *kind) for what, kind in ARRAYS.items()}
        self._lengths = {"rows": 0, "text": 0}
        for what in ("offsets", "text-offsets"):
            self._arrays[what].append(np.zeros(1, np.int64))

    def append(self, part: Split, labels: NDArray[np.int32]) -> None:
        names = Names.of(part.sources)
        self._append("rows", "offsets", part.rows, part.offsets)
        self._append("text", "text-offsets", names.text, names.offsets)
        self._arrays["labels"].append(labels)
        self._arrays["origins"].append(part.origins)

    def done(self, table: NDArray[np.int32]) -> Split:
        arrays = {what: array.done() for what, array in self._arrays.items()}
        arrays["labels"][:] = table[arrays["labels"]]
        return split_of(arrays)

    def _append(self, what: str, where: str, flat: NDArray[Any], offsets: NDArray[np.int64]) -> None:
        self._arrays[what].append(flat)
        self._arrays[where].append(offsets[1:] + self._lengths[what])
        self._lengths[what] += len(flat)
