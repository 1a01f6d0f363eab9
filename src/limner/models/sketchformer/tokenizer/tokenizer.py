"""``Tokenizer``: drawings to numbers of a vocabulary, and back.

Three schemes:

``joint``
    a dictionary of offsets, and a separator behind the last point of a stroke (Sketchformer, Ribeiro et al.
    2020: 1000 offsets).
``by-state``
    two dictionaries, of offsets to points that are drawn on from and of those to last points of strokes (the
    Single-Line project: 960 and 40).
``grid``
    cells of the page, and a separator (Sketchformer: 100 x 100).

The numbers are Sketchformer's: 0 pads, 1 to K are offsets or cells, then separator, start and end.

An offset is chosen from where the words before have led, not from where the pen truly was. So what each
word is amiss is made good by the next, and a drawing of any length stays where it is.

Letters: ``K`` offsets or cells, ``n`` points of a drawing, ``D`` drawings.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Rows = NDArray[np.float32]  # (n, 3)
    Numbers = NDArray[np.int64]  # (n,)

Scheme = Literal["joint", "by-state", "grid"]
PAD = 0
SPECIALS = 4
"""Words that are no offsets: padding, separator, start, end."""


@dataclass(frozen=True)
class TokenSettings:
    """What a tokenizer is made by."""

    scheme: Scheme = "joint"
    """joint: one dictionary of offsets; by-state: one for points that are drawn on from, one for last points
    of strokes; grid: cells of the page."""
    count: int = 1000
    """Words of the first dictionary, or cells along each side of the grid."""
    lifts: int = 40
    """Words of the second dictionary, by state."""
    tolerance: float = 0.0
    """How far drawings are simplified before, in their own units (Ramer-Douglas-Peucker); 0: not at all."""
    seed: int = 0
    """Where the search for a dictionary begins."""

    def __post_init__(self) -> None:
        if self.count < 1 or self.lifts < 1:
            raise ValueError(f"a dictionary needs at least one word, not {min(self.count, self.lifts)}.")
        if not 0 <= self.tolerance < np.inf:
            raise ValueError(f"the tolerance must be a number from 0 up, not {self.tolerance}.")

    @property
    def words(self) -> int:
        """K"""
        return {"joint": self.count, "by-state": self.count + self.lifts, "grid": self.count**2}[self.scheme]


PRESETS = {
    "sketchformer": TokenSettings("joint", 1000),
    "slml": TokenSettings("by-state", 960, 40),
    "grid": TokenSettings("grid", 100),
}
"""Sizes of the sources."""


@dataclass(frozen=True, eq=False)
class Tokenizer:
    """A vocabulary.

    Parameters
    ----------
    settings : TokenSettings
    scale : float
        Units of the corpus in one unit of the tables, which is the corpus's scale factor.
    centres : float32 array of shape ``(K, 2)``
        Offsets, or places on the page; by state those of last points stand last.
    spreads : float32 array of shape ``(K, 2)``
        How far offsets of the corpus lie from theirs, as standard deviations along x and y; above 0.

    Raises
    ------
    ValueError
        If the arrays do not fit the settings, or hold what is no finite number.
    """

    settings: TokenSettings
    scale: float
    centres: NDArray[np.float32]  # (K, 2)
    spreads: NDArray[np.float32]  # (K, 2)

    def __post_init__(self) -> None:
        wanted = (self.settings.words, 2)
        if self.centres.shape != wanted or self.spreads.shape != wanted:
            shapes = f"{self.centres.shape} and {self.spreads.shape}"
            raise ValueError(f"the tables must be of shape {wanted}, not {shapes}")
        if not np.isfinite(self.centres).all() or not (np.isfinite(self.spreads) & (self.spreads > 0)).all():
            raise ValueError("the tables must hold finite numbers, and spreads above 0")
        if not 0 < self.scale < np.inf:
            raise ValueError(f"the scale must be above 0, not {self.scale}")

    @property
    def separator(self) -> int:
        """Behind the last point of a stroke; never by state, where the words themselves tell."""
        return self.settings.words + 1

    @property
    def start(self) -> int:
        """Before every drawing."""
        return self.settings.words + 2

    @property
    def end(self) -> int:
        """Behind every drawing."""
        return self.settings.words + 3

    @property
    def vocabulary(self) -> int:
        """Words in all: K and the four others."""
        return self.settings.words + SPECIALS

    @property
    def on_page(self) -> bool:
        """Whether words are places and not offsets."""
        return self.settings.scheme == "grid"

    @property
    def downs(self) -> int:
        """How many of the first centres are for points that are drawn on from; all, unless by state."""
        return self.settings.count if self.settings.scheme == "by-state" else self.settings.words

    def encode(self, rows: Rows) -> Numbers:
        """Give the numbers of a drawing, from start to end; its units are those of the corpus."""
        return self.encode_all([rows])[0]

    def encode_all(self, drawings: Sequence[Rows]) -> list[Numbers]:
        """Encode many drawings, which is quicker than one by one."""
        nearest = self._nearest([np.asarray(rows, np.float64) for rows in drawings])
        return [self._spelt(found, rows[:, 2]) for found, rows in zip(nearest, drawings, strict=True)]

    def decode(self, numbers: ArrayLike) -> Rows:
        """Give the drawing that numbers spell, in units of the corpus; ends at the first end.

        Raises
        ------
        ValueError
            If a number is none of the vocabulary.
        """
        spelt = np.asarray(numbers, np.int64).reshape(-1)
        if len(spelt) and not (spelt.min() >= 0 and spelt.max() < self.vocabulary):
            raise ValueError(f"the numbers of this vocabulary are 0 to {self.vocabulary - 1}")
        ends = np.flatnonzero(spelt == self.end)
        spelt = spelt[: ends[0]] if len(ends) else spelt
        is_point = (spelt > PAD) & (spelt <= self.settings.words)
        words = spelt[is_point] - 1  # (n,)
        owners = np.cumsum(is_point) - 1  # of separators: the point before
        lifts = words >= self.downs
        lifts[owners[(spelt == self.separator) & (owners >= 0)]] = True
        centres = self.centres[words].astype(np.float64) * self.scale
        offsets = np.diff(centres, axis=0, prepend=0.0) if self.on_page else centres
        return np.column_stack([offsets, lifts]).astype(np.float32)

    def _spelt(self, words: Numbers, lifts: NDArray[np.float32]) -> Numbers:
        """Put start, separators and end among the words of a drawing, ``(n,)``, which count from 0."""
        if self.settings.scheme == "by-state":
            return np.array([self.start, *(words + 1), self.end], np.int64)
        behind = np.flatnonzero(lifts) + 1
        spelt = np.insert(words + 1, behind, self.separator)
        return np.array([self.start, *spelt, self.end], np.int64)

    def _nearest(self, drawings: Sequence[NDArray[np.float64]]) -> list[Numbers]:
        """Find the words of all drawings, one point of each at a time; each an array ``(n,)``."""
        order = np.argsort([-len(rows) for rows in drawings], kind="stable")
        lengths = np.array([len(drawings[i]) for i in order], np.int64)  # (D,), falling
        found = [np.zeros(n, np.int64) for n in lengths]
        true, led = np.zeros((len(order), 2)), np.zeros((len(order), 2))
        for t in range(int(lengths.max(initial=0))):
            going = int((lengths > t).sum())
            rows = np.stack([drawings[i][t] for i in order[:going]])  # (going, 3)
            true[:going] += rows[:, :2] / self.scale
            words = self._nearest_words(true[:going] - led[:going], rows[:, 2] > 0)
            if not self.on_page:
                led[:going] += self.centres[words]
            for k, word in enumerate(words.tolist()):
                found[k][t] = word
        places = np.argsort(order, kind="stable")
        return [found[place] for place in places]

    def _nearest_words(self, wanted: NDArray[np.float64], lifts: NDArray[np.bool_]) -> Numbers:
        """Find the nearest centres to ``(D, 2)``, by state among those of it."""
        down, lift = self._trees
        if lift is None:
            return np.asarray(down.query(wanted)[1], np.int64)
        words = np.asarray(down.query(wanted)[1], np.int64)
        words[lifts] = lift.query(wanted[lifts])[1] + self.downs
        return words

    @cached_property
    def _trees(self) -> tuple[KDTree, KDTree | None]:
        from scipy.spatial import KDTree

        lift = KDTree(self.centres[self.downs :]) if self.downs < len(self.centres) else None
        return KDTree(self.centres[: self.downs]), lift


if TYPE_CHECKING:
    from scipy.spatial import KDTree
