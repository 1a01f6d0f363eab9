"""``PlotPage``: the sheet of paper and what is done with the lines on it. No arrays: quick to import."""

from __future__ import annotations

from dataclasses import dataclass

from limner.plot.paper import is_named, paper_mm

MOST_MARGIN = 0.4
"""Largest margin relative to the paper's shorter side."""


@dataclass(frozen=True, slots=True)
class PlotPage:
    """A sheet of paper, and what is done with the lines on it. Lengths are millimetres.

    Parameters
    ----------
    size : str
        ``A6`` to ``A2``, ``letter``, ``legal``, ``tabloid``, ``WxHmm`` or ``WxHin``.
    landscape : bool, optional
        Whether the page lies on its long side; unless given, whichever lets the drawings be larger, and as
        they are for a width and a height.
    margin_mm : float
        Space that stays free on every side.
    pen_mm : float
        Width of the pens.
    columns : int, optional
        Drawings in a row; as many as let them be largest unless given.
    scale : float, optional
        Millimetres of one unit of the drawings; each is as large as it fits unless given.
    caption_mm : float
        Height of the capital letters of captions.
    reorder : bool
        Whether the strokes of each pen are sorted, reversed, and rings started anywhere, so that the pen
        travels little.
    merge_mm : float
        Lines this near to a line that is drawn already are left out, and strokes that end this near to
        where another begins are drawn in one go; 0 leaves all as they are.
    refill_every_mm : float, optional
        A layer ends where so much of it is drawn, for pens that must be dipped or filled.
    curve_mm : float, optional
        SVG has curves that lie within this distance of the lines; straight lines unless given.
    clip : bool
        Whether what lies outside the margins is cut off; it is refused otherwise.
    pause : bool
        Whether the plotter waits before every layer but the first, so that pens can be changed.

    Raises
    ------
    ValueError
        If the size is unknown, or a length is out of range or leaves no room.
    """

    size: str = "A4"
    landscape: bool | None = None
    margin_mm: float = 15.0
    pen_mm: float = 0.4
    columns: int | None = None
    scale: float | None = None
    caption_mm: float = 2.4
    reorder: bool = True
    merge_mm: float = 0.05
    refill_every_mm: float | None = None
    curve_mm: float | None = None
    clip: bool = False
    pause: bool = True

    def __post_init__(self) -> None:
        sides = paper_mm(self.size)
        if not 0 < self.pen_mm <= 5:
            raise ValueError(f"a pen is above 0 and at most 5 mm wide, not {self.pen_mm:g}.")
        if not 0 <= self.margin_mm <= MOST_MARGIN * min(sides):
            raise ValueError(f"a margin of {self.margin_mm:g} mm leaves no room on {self.size}.")
        if not 0.5 <= self.caption_mm <= 50:
            raise ValueError(f"captions are 0.5 to 50 mm high, not {self.caption_mm:g}.")
        if not 0 <= self.merge_mm <= 5:
            raise ValueError(f"lines are merged within 0 to 5 mm, not {self.merge_mm:g}.")
        _check_positive("a scale", self.scale, 0)
        _check_positive("a refill", self.refill_every_mm, 1)
        _check_positive("the tolerance of curves", self.curve_mm, 0.001)
        if self.columns is not None and self.columns < 1:
            raise ValueError(f"there is at least one column, not {self.columns}.")

    @property
    def orientations_mm(self) -> list[tuple[float, float]]:
        """Return the widths and heights that the page may have."""
        width, height = paper_mm(self.size)
        upright, flat = (min(width, height), max(width, height)), (max(width, height), min(width, height))
        if self.landscape is None:
            return [upright, flat] if is_named(self.size) and width != height else [(width, height)]
        return [flat if self.landscape else upright]


def _check_positive(what: str, value: float | None, low: float) -> None:
    if value is not None and not (low <= value <= 1e7 and value > 0):
        raise ValueError(f"{what} is {f'at least {low:g}' if low else 'above 0'} mm, not {value:g}.")
