"""Plotter pages as SVG in millimetres, a layer a pen.

Layers are Inkscape's groups. Their names start with a number, which AxiDraw's software reads as that of the
layer, and carry its codes; see :mod:`limner.plot.pens`.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from limner.plot.layers import PlotLayer, PlotPlan
from limner.render.lettering import one_line
from limner.strokes.svg.writer import fitted_path_data, number, path_data

INKSCAPE = "http://www.inkscape.org/namespaces/inkscape"
"""Namespace of the attributes that make a group a layer."""


def plan_to_svg(plan: PlotPlan) -> str:
    """Return a page as an SVG document whose units are millimetres."""
    return "\n".join(_document(plan)) + "\n"


def _document(plan: PlotPlan) -> Iterator[str]:
    width, height = number(plan.width_mm), number(plan.height_mm)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="{INKSCAPE}" '
        f'width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}">'
    )
    if one_line(plan.title):
        yield f"<title>{_escaped(plan.title)}</title>"
    for layer in plan.layers:
        yield _opening(layer, plan.pen_mm)
        yield from (f'<path d="{_path(stroke, plan.curve_mm)}"/>' for stroke in layer.strokes)
        yield "</g>"
    yield "</svg>"


def _opening(layer: PlotLayer, pen_mm: float) -> str:
    return (
        f'<g id="pen-{layer.number}" inkscape:groupmode="layer" inkscape:label="{_escaped(layer.name)}" '
        f'fill="none" stroke="{layer.pen.colour.hex}" stroke-width="{number(pen_mm)}" '
        'stroke-linecap="round" stroke-linejoin="round">'
    )


def _path(stroke: NDArray[np.float64], curve_mm: float | None) -> str:
    return path_data(stroke) if curve_mm is None else fitted_path_data(stroke, curve_mm)


def _escaped(text: str) -> str:
    return escape(one_line(text), {'"': "&quot;"})
