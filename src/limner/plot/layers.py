"""``PlotPlan``: what a plotter draws, layer by layer, in millimetres from the page's upper left corner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from limner.plot.pens import Pen, layer_name

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PlotLayer:
    """What one pen draws without a pause.

    Parameters
    ----------
    number : int
        From 1.
    pen : Pen
    strokes : tuple of float64 arrays of shape ``(n, 2)``
        In the order and direction in which they are drawn.
    pause : bool
        Whether the plotter waits before this layer.
    """

    number: int
    pen: Pen
    strokes: tuple[Floats, ...]
    pause: bool = False

    @property
    def name(self) -> str:
        """Return the name of the layer, with the codes of AxiDraw's software."""
        return layer_name(self.number, self.pen, self.pause)


class Way(NamedTuple):
    """How far the pen goes, in millimetres, and how often it is lifted."""

    draw_mm: float
    travel_mm: float
    lifts: int

    def plus(self, other: Way) -> Way:
        """Return the sum of two ways."""
        return Way(self.draw_mm + other.draw_mm, self.travel_mm + other.travel_mm, self.lifts + other.lifts)


@dataclass(frozen=True)
class PlotPlan:
    """A page for a plotter before it is written.

    Parameters
    ----------
    width_mm, height_mm : float
    pen_mm : float
        Width of the pens.
    curve_mm : float, optional
        Tolerance of the curves of SVG, where there are any.
    layers : tuple of PlotLayer
    before : Way
        What drawing the same lines takes in the order in which they were given, nothing merged.
    title : str
    """

    width_mm: float
    height_mm: float
    pen_mm: float
    curve_mm: float | None
    layers: tuple[PlotLayer, ...]
    before: Way
    title: str = ""

    @property
    def after(self) -> Way:
        """Return what drawing the page takes."""
        pen, total = np.zeros(2), Way(0.0, 0.0, 0)
        for layer in self.layers:
            total = total.plus(way_of(layer.strokes, pen))
            pen = layer.strokes[-1][-1]
        return total.plus(Way(0.0, distance(pen, np.zeros(2)), 0))


def way_of(strokes: Sequence[Floats], start: Floats) -> Way:
    """Return what drawing strokes takes for a pen that is lifted at ``start``, ``(2,)``."""
    if not strokes:
        return Way(0.0, 0.0, 0)
    begins = np.array([stroke[0] for stroke in strokes])  # (S, 2)
    ends = np.array([start, *(stroke[-1] for stroke in strokes[:-1])])
    travel = float(np.hypot(*(begins - ends).T).sum())
    return Way(sum(map(length_of, strokes)), travel, len(strokes))


def length_of(stroke: Floats) -> float:
    """Return the length of a polyline ``(n, 2)``."""
    return float(np.hypot(*np.diff(stroke, axis=0).T).sum())


def distance(one: Floats, two: Floats) -> float:
    """Return the distance between two points."""
    return float(np.hypot(*(one - two)))
