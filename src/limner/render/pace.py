"""The pace of the hand: the moment at which each segment of a drawing is drawn.

Moments run from 0, nothing is drawn yet, to 1, everything is. Letter: ``S`` segments.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from limner.render.colouring import Piece
    from limner.render.style import Colour

    Floats = NDArray[np.float64]

LARGEST_LIFT_SHARE = 0.3
"""Largest share of the time that all lifts of the pen together take: with many strokes, ink comes first."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a drawing appears.

    Parameters
    ----------
    seconds : float
        From the first point to the last.
    fps : float
        Frames per second, at most 50 (GIF players play faster files slowly).
    hold_seconds : float
        How long the finished drawing stays.
    lift_seconds : float
        A pause for each lift of the pen; all of them take at most 30 % of ``seconds``.
    pen_tip : bool
        Whether a dot shows where the pen is.

    Raises
    ------
    ValueError
        If a time is not positive (a hold or a lift: negative), or ``fps`` is not above 0 and at most 50.
    """

    seconds: float = 4.0
    fps: float = 25.0
    hold_seconds: float = 1.5
    lift_seconds: float = 0.12
    pen_tip: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.seconds < float("inf"):
            raise ValueError(f"seconds must be above 0, not {self.seconds}.")
        if not 0 < self.fps <= 50:
            raise ValueError(f"fps must be above 0 and at most 50, not {self.fps}.")
        for field in ("hold_seconds", "lift_seconds"):
            if not 0 <= getattr(self, field) < float("inf"):
                raise ValueError(f"{field} must not be negative, not {getattr(self, field)}.")

    @property
    def n_frames(self) -> int:
        """Return the number of frames from the first ink to the last."""
        return max(1, round(self.seconds * self.fps))

    @property
    def n_hold_frames(self) -> int:
        """Return the number of frames of the finished drawing."""
        return max(1, round(self.hold_seconds * self.fps))


@dataclass(frozen=True, slots=True)
class Timetable:
    """Segments in drawing order with the moments at which the pen starts and ends them.

    Parameters
    ----------
    starts, ends : arrays of shape ``(S, 2)``
        A dot is a segment of no length.
    begins, finishes : arrays of shape ``(S,)``
        Ascending moments from 0 to 1.
    colours : tuple of Colour
        The ink of each segment.
    """

    starts: Floats
    ends: Floats
    begins: Floats
    finishes: Floats
    colours: tuple[Colour, ...]

    def between(self, before: float, now: float) -> list[tuple[Colour, Floats, Floats]]:
        """Return what is drawn after ``before`` until ``now``: (ink, starts, ends) of each run of one ink."""
        which = np.flatnonzero((self.finishes > before) & (self.begins <= now))
        if not len(which):
            return []
        cut = [self._at(which, moment) for moment in (before, now)]
        changes = [i for i in range(1, len(which)) if self.colours[which[i]] != self.colours[which[i - 1]]]
        runs = zip([0, *changes], [*changes, len(which)], strict=True)
        return [(self.colours[which[low]], cut[0][low:high], cut[1][low:high]) for low, high in runs]

    def tip(self, now: float) -> tuple[Floats, bool]:
        """Return the position of the pen, an array of shape ``(2,)``, and whether it is down.

        A lifted pen moves from the end of a stroke to the start of the next at a constant speed.
        """
        last = max(int(np.searchsorted(self.begins, now, side="right")) - 1, 0)
        if now <= self.finishes[last] or last + 1 == len(self.begins):
            return self._at(np.array([last]), now)[0], True
        elapsed, lift = now - self.finishes[last], self.begins[last + 1] - self.finishes[last]
        gap: Floats = self.starts[last + 1] - self.ends[last]
        return self.ends[last] + gap * (elapsed / lift), False

    def _at(self, which: NDArray[np.intp], now: float) -> Floats:
        """Return the pen's position on segments: before them it is their start, after them their end."""
        begins, span = self.begins[which], (self.finishes - self.begins)[which]
        share = np.where(span > 0, (now - begins) / np.where(span > 0, span, 1), now >= begins)
        along = (self.ends - self.starts)[which]
        position: Floats = self.starts[which] + along * np.clip(share, 0, 1)[:, None]
        return position


def timetable(strokes: Sequence[Sequence[Piece]], pace: Pace) -> Timetable | None:
    """Distribute the time over the length of the ink, with pauses at the lifts; None if nothing is drawn.

    Parameters
    ----------
    strokes : sequence of sequences of Piece
        Of :func:`limner.render.colouring.inked_strokes`.
    pace : Pace
    """
    pieces = [(piece, turn == 0) for stroke in strokes for turn, piece in enumerate(stroke)]
    if not pieces:
        return None
    runs = [p.points if len(p.points) > 1 else np.repeat(p.points, 2, axis=0) for p, _ in pieces]
    starts = np.concatenate([run[:-1] for run in runs]).astype(np.float64)
    ends = np.concatenate([run[1:] for run in runs]).astype(np.float64)
    first = np.zeros(len(starts), bool)
    at = np.cumsum([0, *(len(run) - 1 for run in runs[:-1])])
    first[at[[new for _, new in pieces]]] = True
    finishes, begins = _moments(np.hypot(*(ends - starts).T), first, pace)
    colours = tuple(piece.colour for (piece, _), run in zip(pieces, runs, strict=True) for _ in run[1:])
    return Timetable(starts, ends, begins, finishes, colours)


def _moments(lengths: Floats, first: NDArray[np.bool_], pace: Pace) -> tuple[Floats, Floats]:
    """Return the moments at which segments finish and begin; ``first`` marks those that start a stroke."""
    lifts, ink = int(first.sum()) - 1, float(lengths.sum())
    lift_share = min(LARGEST_LIFT_SHARE, lifts * pace.lift_seconds / pace.seconds)
    if ink == 0:
        lift_share = 1.0
    drawing = lengths / ink * (1 - lift_share) if ink > 0 else lengths
    pauses = np.where(first, lift_share / max(lifts, 1), 0.0)
    pauses[0] = 0.0
    finishes = np.cumsum(pauses + drawing)
    finishes = np.minimum(finishes / finishes[-1], 1.0) if finishes[-1] > 0 else finishes
    return finishes, np.minimum(np.concatenate([[0.0], finishes[:-1]]) + pauses, finishes)
