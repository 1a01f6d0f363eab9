"""Layout of drawings in a picture: boxes, and drawings fitted into them.

Every picture is laid out before it is drawn, so that SVG, PNG and animations agree. Lengths are pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from limner.render.style import DEFAULT_STYLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from limner.render.style import Style
    from limner.strokes.drawing import Drawing

PADDING = 0.1
"""Default share of a box's shorter side that stays free on every side."""


class Box(NamedTuple):
    """A rectangle; ``x`` and ``y`` are its upper left corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text. ``y`` is the baseline; ``anchor`` is the part of the line that lies at ``x``."""

    text: str
    x: float
    y: float
    size_px: float
    anchor: Literal["start", "middle", "end"]
    role: Literal["title", "heading", "caption"]


@dataclass(frozen=True, slots=True)
class Layout:
    """A picture before it is drawn: its size, the cells, the drawings placed in them, labels and pen."""

    width: int
    height: int
    cells: tuple[Box, ...]
    drawings: tuple[Drawing, ...]
    labels: tuple[Label, ...]
    pen_px: float


def plan_picture(
    drawing: Drawing,
    size: int | tuple[int, int],
    style: Style = DEFAULT_STYLE,
    *,
    padding: float = PADDING,
    scale: float | None = None,
) -> Layout:
    """Lay out one drawing alone, without labels.

    Parameters
    ----------
    size : int or pair of int
        Side of a square, or width and height.
    padding, scale
        As in :func:`place`.

    Raises
    ------
    ValueError
        If the size is below 1, or the pen and padding leave no room.
    """
    box = whole_box(size)
    pen_px = style.pen_px(min(box.width, box.height))
    placed = place(drawing, box, pen_px, padding, scale=scale)
    return Layout(box.width, box.height, (box,), (placed,), (), pen_px)


def whole_box(size: int | tuple[int, int]) -> Box:
    """Return the box of a whole picture from its side, or its width and height.

    Raises
    ------
    ValueError
        If a side is below 1.
    """
    width, height = (size, size) if isinstance(size, int) else size
    if width < 1 or height < 1:
        raise ValueError(f"A picture cannot be {width} x {height} pixels.")
    return Box(0, 0, width, height)


def fit_scale(drawings: Sequence[Drawing], box: Box, pen_px: float, padding: float = PADDING) -> float:
    """Return the largest scale at which every drawing fits the box with its pen; 1 if none has an extent.

    Raises
    ------
    ValueError
        If the pen and padding leave no room.
    """
    room = _room(box, pen_px, padding)
    scales = []
    for drawing in drawings:
        x_min, y_min, x_max, y_max = drawing.bounds
        extents = (x_max - x_min, y_max - y_min)
        scales += [space / extent for space, extent in zip(room, extents, strict=True) if extent > 0]
    return min(scales, default=1.0)


def place(
    drawing: Drawing, box: Box, pen_px: float, padding: float = PADDING, *, scale: float | None = None
) -> Drawing:
    """Return a drawing scaled, with its aspect kept, and centred in a box.

    Parameters
    ----------
    pen_px : float
        Width of the pen; the ink stays inside the box, not only the points.
    padding : float
        Share of the box's shorter side that stays free on every side.
    scale : float, optional
        The largest one that fits unless given.
    """
    factor = fit_scale([drawing], box, pen_px, padding) if scale is None else scale
    x_min, y_min, x_max, y_max = drawing.bounds
    middle = np.array([(x_min + x_max) / 2, (y_min + y_max) / 2])
    target = np.array([box.x + box.width / 2, box.y + box.height / 2])
    return drawing.replace(strokes=tuple((s.astype(np.float64) - middle) * factor + target for s in drawing))


def _room(box: Box, pen_px: float, padding: float) -> tuple[float, float]:
    if not 0 <= padding < 0.5:
        raise ValueError(f"padding is a share from 0 to below 0.5, not {padding}.")
    lost = 2 * padding * min(box.width, box.height) + pen_px
    if lost >= min(box.width, box.height):
        raise ValueError(f"A pen of {pen_px:g} px leaves no room in a cell of {box.width} x {box.height} px.")
    return (box.width - lost, box.height - lost)
