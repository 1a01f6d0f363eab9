"""``Junction``: where lines meet, the pairings by which they may go on there, and how sure the chosen one is.

Letters: ``n`` points of a line, ``k`` lines of a junction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
from scipy.optimize import linear_sum_assignment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from limner.scan.graph import Points

Pairs: TypeAlias = tuple[tuple[int, int], ...]
"""Which lines of a junction are one, all sorted; a line in two pairs is drawn there and back."""

MAX_CHOICES = 8
"""Pairings that a junction offers."""

MATCH_PENS = 2.0
"""A position of a fix names what lies within this many widths of the pen, ..."""

MATCH_PX = 5.0
"""... or within this many pixels."""


class Evidence(NamedTuple):
    """What the confidence in a pairing follows from; turns in radians, lengths in widths of the pen."""

    kind: str
    """``fork``, ``crossing``, ``knot`` or ``cusp``."""
    figures: tuple[float, ...]
    """As :func:`limner.scan.confidence.evidence_of` lists them."""


@dataclass(frozen=True)
class Junction:
    """A place where three or more lines meet.

    Parameters
    ----------
    at : (x, y)
        Its middle.
    lines : tuple of float64 arrays of shape ``(n, 2)``
        The first stretch of each line, from the junction outwards; the last point tells the lines apart.
    choices : tuple of Pairs
        The pairings that it may have, the one that fits best first.
    chosen : int
        Number of the pairing that the strokes have.
    confidence : float
        How sure that pairing is, from 0 to 1; 1 where a person chose it.
    evidence : Evidence
        What the confidence in the first pairing follows from.
    """

    at: tuple[float, float]
    lines: tuple[Points, ...]
    choices: tuple[Pairs, ...]
    chosen: int
    confidence: float
    evidence: Evidence

    @property
    def pairs(self) -> Pairs:
        """The pairing that the strokes have."""
        return self.choices[self.chosen]

    @property
    def ports(self) -> NDArray[np.float64]:
        """The last point of each line, of shape ``(k, 2)``."""
        return np.array([line[-1] for line in self.lines], dtype=np.float64)

    def moved(self, change: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Junction:
        """Return the junction with all points changed."""
        x, y = change(np.array([self.at]))[0].tolist()
        return replace(self, at=(x, y), lines=tuple(change(line) for line in self.lines))

    def wish(self, choice: int) -> PairingWish:
        """Return the wish for one of the choices."""
        ports = [(float(x), float(y)) for x, y in self.ports]
        return PairingWish(self.at, tuple(ports), self.choices[choice])


class PairingWish(NamedTuple):
    """How a person wants lines to go on at a junction."""

    at: tuple[float, float]
    """Middle of the junction."""
    ports: tuple[tuple[float, float], ...]
    """A point on each line."""
    pairs: Pairs

    def moved(self, change: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> PairingWish:
        """Return the wish with all points changed."""
        x, y = change(np.array([self.at]))[0].tolist()
        ports = change(np.array(self.ports).reshape(-1, 2)).tolist()
        return PairingWish((x, y), tuple((a, b) for a, b in ports), self.pairs)


class PairingWishes:
    """Finds the wish for a junction.

    Parameters
    ----------
    wishes : sequence of PairingWish
    pen_px : float
        Width of the pen, by which the tolerance of positions grows.
    """

    def __init__(self, wishes: Sequence[PairingWish], pen_px: float) -> None:
        self._wishes = list(wishes)
        self._tolerance = fix_tolerance(pen_px)
        self.met = set[int]()
        """Numbers of the wishes whose junctions were found."""

    def pairs_at(self, ports: NDArray[np.float64]) -> Pairs | None:
        """Return the pairing that is wanted where lines pass these points, None if none is.

        The last of several wishes for one junction holds.
        """
        found: Pairs | None = None
        for number, wish in enumerate(self._wishes):
            lines = _matched(np.array(wish.ports), ports, self._tolerance)
            if lines is not None:
                found = sorted_pairs((lines[i], lines[j]) for i, j in wish.pairs)
                self.met.add(number)
        return found


def fix_tolerance(pen_px: float) -> float:
    """Return how far positions of fixes may lie from what they name, in pixels."""
    return max(MATCH_PX, MATCH_PENS * pen_px)


def _matched(wanted: NDArray[np.float64], ports: NDArray[np.float64], tolerance: float) -> list[int] | None:
    """Return the port of each wanted point, each another one, or None if they are not the same lines."""
    if len(wanted) != len(ports):
        return None
    away = np.hypot(*(wanted[:, None] - ports[None]).transpose(2, 0, 1))
    if away.min(axis=1).max() > tolerance:
        return None
    rows, columns = linear_sum_assignment(away)
    if away[rows, columns].max() > tolerance:
        return None
    return [int(column) for column in columns]


def sorted_pairs(pairs: Iterable[tuple[int, int]]) -> Pairs:
    """Return pairs in the one order in which they are compared."""
    return tuple(sorted((min(pair), max(pair)) for pair in pairs))
