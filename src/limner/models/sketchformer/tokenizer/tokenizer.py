"""``Tokenizer``: drawings to token ids, and back.

Three schemes:

``joint``
    a dictionary of offsets, and a separator after the last point of a stroke (Sketchformer, Ribeiro et al.
    2020: 1000 offsets).
``by-state``
    two dictionaries, of offsets to points that are drawn on from and of those to last points of strokes (the
    Single-Line project: 960 and 40).
``grid``
    cells of the page, and a separator (Sketchformer: 100 x 100).

The ids are Sketchformer's: 0 pads, 1 to K are offsets or cells, then separator, start and end.

An offset is quantized relative to where the decoded points end, not to where the pen truly was. So each
token corrects the error of those before it, and a drawing of any length stays where it is.

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
    Ids = NDArray[np.int64]  # (n,)

Scheme = Literal["joint", "by-state", "grid"]
PAD = 0
SPECIALS = 4
"""Tokens that are no offsets: padding, separator, start, end."""


@dataclass(frozen=True)
class TokenSettings:
    """Settings of a tokenizer."""

    scheme: Scheme = "joint"
    """joint: one dictionary of offsets; by-state: one for points that are drawn on from, one for last points
    of strokes; grid: cells of the page."""
    count: int = 1000
    """Tokens of the first dictionary, or cells along each side of the grid."""
    lifts: int = 40
    """Tokens of the second dictionary, by state."""
    tolerance: float = 0.0
    """How far drawings are simplified before, in their own units (Ramer-Douglas-Peucker); 0: not at all."""
    seed: int = 0
    """Seed of k-means."""

    def __post_init__(self) -> None:
        if self.count < 1 or self.lifts < 1:
            raise ValueError(f"a dictionary needs at least one token, not {min(self.count, self.lifts)}.")
        if not 0 <= self.tolerance < np.inf:
            raise ValueError(f"the tolerance must be a number from 0 up, not {self.tolerance}.")

    @property
    def tokens(self) -> int:
        """K"""
        return {"joint": self.count, "by-state": self.count + self.lifts, "grid": self.count**2}[self.scheme]


PRESETS = {
    "sketchformer": TokenSettings("joint", 1000),
    "slml": TokenSettings("by-state", 960, 40),
    "grid": TokenSettings("grid", 100),
}
"""Sizes in the sources."""


@dataclass(frozen=True, eq=False)
class Tokenizer:
    """A vocabulary.

    Parameters
    ----------
    settings : TokenSettings
    scale : float
        Units of the corpus in one unit of the tables, which is the corpus's scale factor.
    centres : float32 array of shape ``(K, 2)``
        Offsets, or positions on the page; by state those of last points stand last.
    sigmas : float32 array of shape ``(K, 2)``
        Standard deviations along x and y of the corpus's offsets from their token's; above 0.

    Raises
    ------
    ValueError
        If the arrays do not fit the settings, or hold numbers that are not finite.
    """

    settings: TokenSettings
    scale: float
    centres: NDArray[np.float32]  # (K, 2)
    sigmas: NDArray[np.float32]  # (K, 2)

    def __post_init__(self) -> None:
        wanted = (self.settings.tokens, 2)
        if self.centres.shape != wanted or self.sigmas.shape != wanted:
            shapes = f"{self.centres.shape} and {self.sigmas.shape}"
            raise ValueError(f"the tables must be of shape {wanted}, not {shapes}")
        if not np.isfinite(self.centres).all() or not (np.isfinite(self.sigmas) & (self.sigmas > 0)).all():
            raise ValueError("the tables must hold finite numbers, and sigmas above 0")
        if not 0 < self.scale < np.inf:
            raise ValueError(f"the scale must be above 0, not {self.scale}")

    @property
    def separator(self) -> int:
        """Follows the last point of a stroke; never by state, where the tokens themselves say it."""
        return self.settings.tokens + 1

    @property
    def start(self) -> int:
        """Precedes every drawing."""
        return self.settings.tokens + 2

    @property
    def end(self) -> int:
        """Follows every drawing."""
        return self.settings.tokens + 3

    @property
    def vocab_size(self) -> int:
        """Number of all tokens: K and the four special ones."""
        return self.settings.tokens + SPECIALS

    @property
    def on_page(self) -> bool:
        """Whether tokens are positions and not offsets."""
        return self.settings.scheme == "grid"

    @property
    def num_down(self) -> int:
        """Number of first centres for points that are drawn on from; all, unless by state."""
        return self.settings.count if self.settings.scheme == "by-state" else self.settings.tokens

    def encode(self, rows: Rows) -> Ids:
        """Return the ids of a drawing in units of the corpus, from start to end."""
        return self.encode_all([rows])[0]

    def encode_all(self, drawings: Sequence[Rows]) -> list[Ids]:
        """Encode many drawings, which is quicker than one by one."""
        nearest = self._quantize([np.asarray(rows, np.float64) for rows in drawings])
        return [
            self._with_specials(tokens, rows[:, 2]) for tokens, rows in zip(nearest, drawings, strict=True)
        ]

    def decode(self, ids: ArrayLike) -> Rows:
        """Return the drawing that ids encode, in units of the corpus, up to the first end.

        Raises
        ------
        ValueError
            If an id is not in the vocabulary.
        """
        sequence = np.asarray(ids, np.int64).reshape(-1)
        if len(sequence) and not (sequence.min() >= 0 and sequence.max() < self.vocab_size):
            raise ValueError(f"the ids of this vocabulary are 0 to {self.vocab_size - 1}")
        ends = np.flatnonzero(sequence == self.end)
        sequence = sequence[: ends[0]] if len(ends) else sequence
        is_point = (sequence > PAD) & (sequence <= self.settings.tokens)
        tokens = sequence[is_point] - 1  # (n,)
        owners = np.cumsum(is_point) - 1  # of separators: the point before
        lifts = tokens >= self.num_down
        lifts[owners[(sequence == self.separator) & (owners >= 0)]] = True
        centres = self.centres[tokens].astype(np.float64) * self.scale
        offsets = np.diff(centres, axis=0, prepend=0.0) if self.on_page else centres
        return np.column_stack([offsets, lifts]).astype(np.float32)

    def _with_specials(self, tokens: Ids, lifts: NDArray[np.float32]) -> Ids:
        """Insert start, separators and end into the tokens of a drawing, ``(n,)``, which count from 0."""
        if self.settings.scheme == "by-state":
            return np.array([self.start, *(tokens + 1), self.end], np.int64)
        sequence = np.insert(tokens + 1, np.flatnonzero(lifts) + 1, self.separator)
        return np.array([self.start, *sequence, self.end], np.int64)

    def _quantize(self, drawings: Sequence[NDArray[np.float64]]) -> list[Ids]:
        """Return the tokens of all drawings, each ``(n,)``; one point of every drawing at a time."""
        order = np.argsort([-len(rows) for rows in drawings], kind="stable")
        lengths = np.array([len(drawings[i]) for i in order], np.int64)  # (D,), falling
        tokens = [np.zeros(n, np.int64) for n in lengths]
        true, decoded = np.zeros((len(order), 2)), np.zeros((len(order), 2))
        for t in range(int(lengths.max(initial=0))):
            going = int((lengths > t).sum())
            rows = np.stack([drawings[i][t] for i in order[:going]])  # (going, 3)
            true[:going] += rows[:, :2] / self.scale
            nearest = self._nearest(true[:going] - decoded[:going], rows[:, 2] > 0)
            if not self.on_page:
                decoded[:going] += self.centres[nearest]
            for k, token in enumerate(nearest.tolist()):
                tokens[k][t] = token
        return [tokens[rank] for rank in np.argsort(order, kind="stable")]

    def _nearest(self, wanted: NDArray[np.float64], lifts: NDArray[np.bool_]) -> Ids:
        """Return the nearest centres to ``(D, 2)``, by state among those of the state."""
        down, lift = self._trees
        if lift is None:
            return np.asarray(down.query(wanted)[1], np.int64)
        tokens = np.asarray(down.query(wanted)[1], np.int64)
        tokens[lifts] = lift.query(wanted[lifts])[1] + self.num_down
        return tokens

    @cached_property
    def _trees(self) -> tuple[KDTree, KDTree | None]:
        from scipy.spatial import KDTree

        lift = KDTree(self.centres[self.num_down :]) if self.num_down < len(self.centres) else None
        return KDTree(self.centres[: self.num_down]), lift


if TYPE_CHECKING:
    from scipy.spatial import KDTree
