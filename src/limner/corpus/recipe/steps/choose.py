"""Steps that choose drawings by a table, or to make classes as large as each other."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.recipe.chance import hashes, mixed
from limner.corpus.recipe.steps.base import Verdict, WholeStep, check_at_least
from limner.corpus.wording import counted
from limner.errors import DataError, quote_list

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.corpus.recipe.columns import Columns

KEEP, DROP = "keep", "drop"


@dataclass(frozen=True)
class Choose(WholeStep):
    """Keep or leave out drawings by what a CSV table says about their sources.

    The table has a column ``source`` and one that decides: a person's choices, as ``limner curate`` writes
    them, or the cluster of each drawing. Drawings that are not in the table stay, unless only some values are
    kept.
    """

    name = "choose"
    needs = frozenset({"source"})

    table: str = ""
    """A CSV file, found from the recipe's folder."""
    column: str = "choice"
    """The column that decides."""
    keep: tuple[str, ...] = ()
    """Values of drawings that stay. With neither ``keep`` nor ``exclude``: ``keep``, if it occurs at all."""
    exclude: tuple[str, ...] = ()
    """Values of drawings that go. With neither ``keep`` nor ``exclude``: ``drop``."""
    sha256: str = ""
    """Of the table; a table that has changed is refused. Noted when a corpus is built."""

    def opened(self, folder: Path) -> OpenedChoose:
        """Read the table.

        Raises
        ------
        DataError
            If it cannot be read, lacks a column, or is not the one that was noted.
        """
        path = folder / self.table
        try:
            data = path.read_bytes()
            rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise DataError(f"{path}, the table of the step choose, cannot be read: {error}.") from error
        digest = sha256(data).hexdigest()
        if self.sha256 and self.sha256 != digest:
            raise DataError(
                f"{path} has changed since the recipe noted it; take sha256 out of the step choose."
            )
        for column in ("source", self.column):
            if not rows or column not in rows[0]:
                there = quote_list(list(rows[0])) if rows else "nothing"
                raise DataError(f"{path} has no column {column!r}; it has {there}.")
        found = {row["source"]: (row[self.column] or "").strip() for row in rows}
        return OpenedChoose(str(path.resolve()), self.column, self.keep, self.exclude, digest, found)


@dataclass(frozen=True)
class OpenedChoose(Choose):
    """The step with its table."""

    found: dict[str, str] = field(default_factory=dict, repr=False)
    """By source."""

    def closed(self) -> Choose:
        """Give the step without its table, as it is sent to other machines."""
        return Choose(self.table, self.column, self.keep, self.exclude, self.sha256)

    def choose(self, columns: Columns, left: NDArray[np.bool_], seed: int, index: int) -> Verdict:
        """Look the drawings up."""
        del left, seed, index
        keep, exclude = self.keep, self.exclude
        if not keep and not exclude:
            keep, exclude = ((KEEP,), ()) if KEEP in self.found.values() else ((), (DROP,))
        source = columns.more["source"]
        dropped = {}
        if keep:
            chosen = [name for name, value in self.found.items() if value in keep]
            dropped["not chosen"] = ~np.isin(source, hashes(chosen))
        for value in exclude:
            named = [name for name, there in self.found.items() if there == value]
            dropped[f"its {self.column} is {value}"] = np.isin(source, hashes(named))
        return Verdict(dropped)


@dataclass(frozen=True)
class Cap(WholeStep):
    """Keep at most so many drawings of each label, chosen by chance."""

    name = "cap"
    needs = frozenset({"source"})

    at_most: int | None = None
    """Drawings of each label; those without one are a class of their own."""
    in_all: int | None = None
    """Drawings of all labels together."""
    balance: bool = False
    """Whether every label is cut down to the smallest one."""

    def __post_init__(self) -> None:
        check_at_least(1, at_most=self.at_most, in_all=self.in_all)

    def choose(self, columns: Columns, left: NDArray[np.bool_], seed: int, index: int) -> Verdict:
        """Choose drawings."""
        order = np.argsort(mixed(columns.more["source"], seed, index), kind="stable")
        order = order[left[order]]
        limits = [n for n in (self.at_most, self._smallest(columns.label[left])) if n is not None]
        dropped = {}
        if limits:
            limit = min(limits)
            beyond = order[_places_within(columns.label[order]) >= limit]
            dropped[f"beyond {counted(limit, 'drawing')} of its label"] = _mask(beyond, len(columns))
            order = order[_places_within(columns.label[order]) < limit]
        if self.in_all is not None:
            dropped[f"beyond {counted(self.in_all, 'drawing')} in all"] = _mask(
                order[self.in_all :], len(columns)
            )
        return Verdict(dropped)

    def _smallest(self, labels: NDArray[np.int32]) -> int | None:
        return int(np.unique(labels, return_counts=True)[1].min()) if self.balance and len(labels) else None


def _places_within(labels: NDArray[np.int32]) -> NDArray[np.int64]:
    """Count for each drawing those of its label before it; ``(n,)``."""
    order = np.argsort(labels, kind="stable")
    sizes = np.unique(labels, return_counts=True)[1]
    found = np.empty(len(labels), np.int64)
    found[order] = np.concatenate([np.zeros(0, np.int64), *(np.arange(size) for size in sizes)])
    return found


def _mask(places: NDArray[np.int64], n: int) -> NDArray[np.bool_]:
    mask = np.zeros(n, np.bool_)
    mask[places] = True
    return mask
