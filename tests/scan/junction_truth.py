"""Truth for junctions: how the strokes of a known drawing pass where a scan found lines to meet.

Letters: ``n`` points of a line, ``s`` samples along a stroke.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from limner.strokes.geometry import arc_lengths, points_along

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.scan.ink import Floats

    from limner.scan.junction_choices import Junction
    from limner.strokes.drawing import Drawing

STEP_PX = 0.5
FAR = 0.6
"""A stroke has passed along a line of a junction if it came this share of the way to its last point."""
MERGED_PENS, MERGED_PX = 1.5, 1.0
"""Strokes that end this near to each other may be read as one."""
SHORT_STEM_PENS = 2.0
"""A cusp whose stem is shorter is right if its branches are one line."""


class Passes(NamedTuple):
    """What the true strokes do at a junction."""

    pairs: list[tuple[int, int]]
    """Lines between which a stroke passes, once for each time."""
    ends: list[tuple[int, Floats]]
    """Lines along which a stroke comes that ends there, and where it ends."""


def is_right(junction: Junction, truth: Drawing, pen_px: float) -> bool:
    """Return whether a junction is paired as the true strokes pass, merged ends counted as one stroke."""
    passes = passes_at(junction, truth, pen_px)
    true, found = set(passes.pairs), set(junction.pairs)
    named = [line for pair in found for line in pair]
    stem = next((line for line in named if named.count(line) > 1), None)
    if stem is not None and arc_lengths(junction.lines[stem])[-1] <= SHORT_STEM_PENS * pen_px:
        branches = [line for line in range(len(junction.lines)) if line != stem]
        if (branches[0], branches[1]) in true:
            return True
    allowed = true | set(_merged_ends(passes, MERGED_PENS * pen_px + MERGED_PX))
    return found <= allowed and all(one in named or two in named for one, two in true)


def _merged_ends(passes: Passes, touch_px: float) -> Iterator[tuple[int, int]]:
    for one, here in passes.ends:
        for two, there in passes.ends:
            if one < two and np.hypot(*(here - there)) <= touch_px:
                yield one, two


def passes_at(junction: Junction, truth: Drawing, pen_px: float) -> Passes:
    """Return how true strokes, with a pen of that width, pass a junction."""
    places = _Places(junction, pen_px)
    passes = Passes([], [])
    for stroke in truth:
        if len(stroke) > 1:
            length = float(arc_lengths(stroke)[-1])
            samples = points_along(stroke, np.linspace(0, length, max(2, int(length / STEP_PX) + 1)))
            _follow(samples, places, passes)
    return passes


class _Places:
    """Samples along the lines of a junction, to tell which of them a stroke follows."""

    def __init__(self, junction: Junction, pen_px: float) -> None:
        self.at = np.array(junction.at)
        samples, lines, far = [], [], []
        for number, line in enumerate(junction.lines):
            length = float(arc_lengths(line)[-1])
            samples.append(points_along(line, np.linspace(0, length, int(length / STEP_PX) + 2)))
            lines += [number] * len(samples[-1])
            far += (np.linspace(0, 1, len(samples[-1])) > FAR).tolist()
        points = np.concatenate([*samples, self.at[None]])
        self.lines, self.far = np.array([*lines, -1]), np.array([*far, False])
        self.tree = cKDTree(points)
        self.reach = float(np.hypot(*(points - self.at).T).max()) + pen_px
        self.near, self.left = max(pen_px, 2.0), 1.5 * pen_px + 1


def _follow(samples: Floats, places: _Places, passes: Passes) -> None:
    """Add what a stroke does to the passes."""
    inside = np.flatnonzero(np.hypot(*(samples - places.at).T) < places.reach)
    if not len(inside):
        return
    away, nearest = places.tree.query(samples[inside])
    last: int | None = None
    before, begins = -2, False
    for here, distance, place in zip(inside.tolist(), away, nearest, strict=True):
        if here != before + 1:
            last, begins = None, here == 0
        before = here
        if distance > places.left:
            last, begins = None, False
        elif places.far[place] and distance < places.near:
            line = int(places.lines[place])
            if last is not None and last != line:
                passes.pairs.append((min(last, line), max(last, line)))
            elif last is None and begins:
                passes.ends.append((line, samples[0]))
            last, begins = line, False
    if last is not None and before == len(samples) - 1:
        passes.ends.append((last, samples[-1]))
