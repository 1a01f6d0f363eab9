"""From a page to drawings in stages; what does not depend on a moved slider is not done again.

ink -> picked -> thinned -> followed -> joined -> spliced -> drawing -> parts

With every setting at its default the drawing is the one of :func:`limner.scan.scan.scan`.

Letters: ``H`` and ``W`` of the page, ``S`` strokes, ``N`` segments of all of them.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from limner.errors import LimnerError
from limner.scan.clean import Cleaned
from limner.scan.look import Sight, look
from limner.scan.notes import notes_on
from limner.scan.result import ScanResult
from limner.scan.scan import Followed, Thinned, pick
from limner.strokes.boxes import separated
from limner.strokes.drawing import Drawing
from limner.strokes.geometry import arc_lengths, points_along
from limner.strokes.join import joined
from limner.strokes.simplify import simplify_strokes
from limner.strokes.splice import spliced
from limner.studio.deadline import Deadline
from limner.studio.scan.schemas import FINE_PX, ScanOptions

Grey: TypeAlias = NDArray[np.float32]
"""A page from 0 (black) to 255 (white), ``(H, W)``."""

SPLICE_STEP = 0.1
"""Distance of points between which strokes are spliced, as a share of the distance that is bridged."""
MOST_JOINED = 2_000
"""Strokes that are joined, spliced or taken apart at most."""
MOST_SPLICING = 100_000_000
"""Bound of ``S^2 N``, which splicing takes time for."""


@dataclass(frozen=True)
class Outcome:
    """What was found on a page."""

    result: ScanResult
    parts: tuple[tuple[int, ...], ...]
    """For each drawing on the page the numbers of its strokes."""

    def drawing(self, part: int) -> Drawing:
        """Give one of the drawings."""
        whole = self.result.drawing
        return whole.replace(strokes=tuple(whole.strokes[i] for i in self.parts[part]))


STAGES: dict[str, tuple[str, ...]] = {
    "ink": ("threshold", "ruling"),
    "picked": ("pen", "drop_marks"),
    "thinned": (),
    "followed": ("single_line",),
    "fine": (),
    "joined": ("join_px",),
    "spliced": ("splice_px",),
    "drawing": ("tolerance_px", "shortest_px"),
    "parts": ("separate", "gap_px"),
}
"""The stages in order, and the settings that each of them adds to those before it."""


class ScanCache:
    """One page, and the last outcome of each stage.

    Parameters
    ----------
    grey : float32 array of shape ``(H, W)``
    factor : int
        How many times smaller than the picture the page is.
    name : str
        Of the picture, for sentences.
    most_knots : int
        Pixels in which lines end or meet that are followed at most.
    """

    _ink: Sight
    _picked: Cleaned
    _thinned: Thinned
    _followed: Followed
    _fine: list[NDArray[np.float64]]
    _joined: Drawing
    _spliced: Drawing
    _drawing: Drawing
    _parts: tuple[tuple[int, ...], ...]

    def __init__(self, grey: Grey, factor: int, name: str, most_knots: int) -> None:
        self.grey, self.factor, self.name, self.most_knots = grey, factor, name, most_knots
        self._lock = threading.Lock()
        self._keys: dict[str, tuple[object, ...]] = {}

    def read(self, wish: ScanOptions, deadline: Deadline) -> Outcome:
        """Read the page.

        Raises
        ------
        LimnerError
            If there is no drawing on it, or too much.
        """
        with self._lock:
            began = time.perf_counter()
            self._reach("parts", wish, deadline)
            notes = notes_on(self._ink, self._picked, self._followed.filled, len(self._drawing))
            smaller = (f"looked at {self.factor} times smaller",) if self.factor > 1 else ()
            result = ScanResult(
                drawing=self._drawing,
                width=self.grey.shape[1] * self.factor,
                height=self.grey.shape[0] * self.factor,
                pen_px=self._followed.pen_px * self.factor,
                method=self._ink.ink.method,
                ruling=self._ink.ruling,
                seconds=time.perf_counter() - began,
                warnings=(*notes, *smaller),
            )
            return Outcome(result, self._parts)

    def ink(self, wish: ScanOptions, deadline: Deadline) -> NDArray[np.bool_]:
        """Give the ink that is followed: a mask of a whole multiple of the page's size."""
        with self._lock:
            self._reach("picked", wish, deadline)
            return self._picked.mask

    def _reach(self, last: str, wish: ScanOptions, deadline: Deadline) -> None:
        """Do the stages up to this one, except those that are done already."""
        key: tuple[object, ...] = ()
        for stage, settings in STAGES.items():
            key = (*key, *(getattr(wish, name) for name in settings))
            if self._keys.get(stage) != key:
                outcome = getattr(self, f"do_{stage}")(wish)
                setattr(self, f"_{stage}", outcome)
                self._keys[stage] = key
                deadline.check()
            if stage == last:
                return

    # The stages ----------------------------------------------------------------------------------

    def do_ink(self, wish: ScanOptions) -> Sight:
        """Tell ink from paper."""
        return look(self.grey, strictness=wish.threshold, ruling=wish.ruling, name=self.name)

    def do_picked(self, wish: ScanOptions) -> Cleaned:
        """Take away what is no drawing."""
        return pick(
            self._ink, pen=wish.pen, drop_marks=wish.drop_marks, name=self.name, most_knots=self.most_knots
        )

    def do_thinned(self, wish: ScanOptions) -> Thinned:
        """Find the middle of the ink, and see that there is not too much of it."""
        return Thinned(self._picked, self._ink, wish.pen, name=self.name, most_knots=self.most_knots)

    def do_followed(self, wish: ScanOptions) -> Followed:
        """Follow the lines."""
        return self._thinned.follow(single_line=wish.single_line)

    def do_fine(self, wish: ScanOptions) -> list[NDArray[np.float64]]:  # noqa: ARG002 - all stages are called alike
        """Give the lines in pixels of the picture, without needless points."""
        return simplify_strokes([stroke * self.factor for stroke in self._followed.strokes], FINE_PX)

    def do_joined(self, wish: ScanOptions) -> Drawing:
        """Join strokes."""
        drawing = Drawing.from_polylines(self._fine)
        if not wish.join_px:
            return drawing
        _check_number(drawing, "joined")
        return joined(drawing, wish.join_px)

    def do_spliced(self, wish: ScanOptions) -> Drawing:
        """Splice strokes into others."""
        if not wish.splice_px:
            return self._joined
        _check_number(self._joined, "spliced")
        dense = with_points_between(self._joined, max(1.0, SPLICE_STEP * wish.splice_px))
        if len(dense) ** 2 * dense.n_points > MOST_SPLICING:
            raise LimnerError(f"There are too many strokes to splice, {len(dense)}; join more first.")
        return spliced(dense, wish.splice_px)

    def do_drawing(self, wish: ScanOptions) -> Drawing:
        """Simplify strokes, leave out short ones, and put the rest in order."""
        moved = wish.join_px or wish.splice_px
        strokes = [stroke.astype(np.float64) for stroke in self._spliced] if moved else self._fine
        lines = Followed(strokes, self._followed.pen_px, self._followed.filled)
        drawing = lines.drawing(wish.tolerance_px, wish.shortest_px)
        if not len(drawing):
            raise LimnerError(f"{self.name}: all strokes are shorter than {wish.shortest_px:g} pixels.")
        return drawing

    def do_parts(self, wish: ScanOptions) -> tuple[tuple[int, ...], ...]:
        """Say which strokes belong to which drawing of the page."""
        if not wish.separate:
            return (tuple(range(len(self._drawing))),)
        _check_number(self._drawing, "taken apart")
        return parts_of(self._drawing, wish.gap_px)


def with_points_between(drawing: Drawing, spacing: float) -> Drawing:
    """Put points on long segments, because strokes are spliced in between points only."""
    strokes = []
    for stroke in drawing:
        marks = arc_lengths(stroke)
        between = np.arange(spacing, marks[-1], spacing)
        strokes.append(points_along(stroke, np.unique(np.concatenate([marks, between]))))
    return drawing.replace(strokes=tuple(strokes))


def parts_of(drawing: Drawing, gap: float) -> tuple[tuple[int, ...], ...]:
    """Give for each drawing on a page the numbers of its strokes, by :func:`separated`."""
    numbers: dict[bytes, list[int]] = {}
    for number, stroke in enumerate(drawing):
        numbers.setdefault(stroke.tobytes(), []).append(number)
    pieces = separated(drawing, gap=gap)
    return tuple(tuple(numbers[stroke.tobytes()].pop(0) for stroke in piece) for piece in pieces)


def _check_number(drawing: Drawing, what: str) -> None:
    if len(drawing) > MOST_JOINED:
        raise LimnerError(f"There are {len(drawing)} strokes, and up to {MOST_JOINED} are {what}.")
