"""Steps that choose drawings by a table, or to balance classes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.text import counted
from limner.errors import DataError, quote_list
from limner.recipes.stable_hash import hash_names, mix
from limner.recipes.steps.base import Verdict, WholeStep, check_at_least
from limner.recipes.steps.table import read_column

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.recipes.columns import Columns

KEEP, DROP = "keep", "drop"
NAMED = 8  # values that a sentence names


@dataclass(frozen=True)
class ChooseStep(WholeStep):
    """Keep or drop drawings by the row of a table for their source.

    The table has a column ``source`` and one that decides: a person's choices, as ``limner curate`` writes
    them, the cluster of each drawing, or the class of each page. A row that names a page or a file is about
    all drawings of it that have no row of their own. Drawings that are not in the table stay, unless only
    some values are kept.
    """

    name = "choose"
    needs = frozenset({"source", "file"})

    table: str = ""
    """A .csv or .tsv file, found from the recipe's folder."""
    column: str = "choice"
    """The column that decides."""
    keep: tuple[str, ...] = ()
    """Values of drawings that stay. With neither ``keep`` nor ``exclude``: ``keep``, if it occurs at all."""
    exclude: tuple[str, ...] = ()
    """Values of drawings that go. With neither ``keep`` nor ``exclude``: ``drop``."""
    sha256: str = ""
    """Of the table; a table that has changed is refused. Noted when a corpus is built."""

    def opened(self, folder: Path) -> ChooseStepWithTable:
        """Read the table.

        Raises
        ------
        DataError
            If it cannot be read, lacks a column or a value that is asked for, or is not the one that was
            noted.
        """
        path = folder / self.table
        found, digest = read_column(path, self.column, self.sha256, self.name)
        there = set(found.values())
        for value in (*self.keep, *self.exclude):
            if value not in there:
                raise DataError(
                    f"{path} has no {value!r} in its column {self.column!r}{_but(sorted(there - {''}))}."
                )
        return ChooseStepWithTable(str(path.resolve()), self.column, self.keep, self.exclude, digest, found)


@dataclass(frozen=True)
class ChooseStepWithTable(ChooseStep):
    """The step with its table."""

    found: dict[str, str] = field(default_factory=dict, repr=False)
    """By source."""

    def closed(self) -> ChooseStep:
        """Return the step without its table, as it is sent to workers."""
        return ChooseStep(self.table, self.column, self.keep, self.exclude, self.sha256)

    def choose(self, columns: Columns, left: NDArray[np.bool_], seed: int, index: int) -> Verdict:
        """Look up the drawings in the table."""
        del left, seed, index
        keep, exclude = self.keep, self.exclude
        if not keep and not exclude:
            keep, exclude = ((KEEP,), ()) if KEEP in self.found.values() else ((), (DROP,))
        values = sorted(set(self.found.values()))
        said = self._said(columns, values)
        dropped = {}
        if keep:
            dropped["not chosen"] = ~np.isin(said, [values.index(value) for value in keep])
        for value in (value for value in exclude if value in values):
            dropped[f"its {self.column} is {value}"] = said == values.index(value)
        return Verdict(dropped)

    def _said(self, columns: Columns, values: list[str]) -> NDArray[np.int64]:
        """Return the value of each drawing, its page or its file: an index into ``values``, or -1."""
        named = hash_names(self.found)
        order = np.argsort(named)
        ranked = named[order]
        codes = np.array([values.index(value) for value in self.found.values()], np.int64)[order]
        said = np.full(len(columns), -1, np.int64)
        for names in (columns.more["file"], columns.page, columns.more["source"]):
            places = np.searchsorted(ranked, names).clip(max=len(ranked) - 1)
            said = np.where(ranked[places] == names, codes[places], said)
        return said


@dataclass(frozen=True)
class CapStep(WholeStep):
    """Keep at most a number of drawings of each label, chosen at random."""

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
        order = np.argsort(mix(columns.more["source"], seed, index), kind="stable")
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


def _but(there: list[str]) -> str:
    """Describe which values there are instead."""
    shown = there[:NAMED] + ([f"{len(there) - NAMED} more"] if there[NAMED:] else [])
    return f"; there are {quote_list(shown)}" if shown else ", which is empty"


def _places_within(labels: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return for each drawing the number of drawings of its label before it; ``(n,)``."""
    order = np.argsort(labels, kind="stable")
    sizes = np.unique(labels, return_counts=True)[1]
    found = np.empty(len(labels), np.int64)
    found[order] = np.concatenate([np.zeros(0, np.int64), *(np.arange(size) for size in sizes)])
    return found


def _mask(places: NDArray[np.int64], n: int) -> NDArray[np.bool_]:
    mask = np.zeros(n, np.bool_)
    mask[places] = True
    return mask
