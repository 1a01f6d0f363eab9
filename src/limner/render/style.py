"""``Style``: how a drawing looks on paper. Sizes are shares of a cell unless their name ends in ``_px``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple, get_args

from PIL import ImageColor

from limner.render.options import ColourBy, Ground

STROKE_INKS = ("#2b4c7e", "#c8452f", "#2a7f62", "#b97f10", "#7a3b69", "#3583b0", "#b8405e", "#6b4f3a")
"""The inks of ``colour_by="stroke"``, one stroke after another."""

HAND_INKS = ("#1b1a17", "#b4532a")
"""The inks of ``colour_by="hands"``: what a person drew, and what a model added."""

ORDER_INKS = ("#1d3557", "#6a3d8a", "#c43d5f", "#df7a1c")
"""The stops of the gradient of ``colour_by="order"``, from the first point to the last."""

FINEST_LABEL_PX = 9.0
"""Smallest letters that a share of a cell leads to, so that small cells stay legible."""
FINEST_PEN_PX = 1.0
"""Finest pen that a share of a cell leads to, likewise."""


class Colour(NamedTuple):
    """Red, green and blue, each from 0 to 255."""

    red: int
    green: int
    blue: int

    @property
    def hex(self) -> str:
        """Return the colour as ``#rrggbb``."""
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    def mixed(self, other: Colour, share: float) -> Colour:
        """Return a mixture that holds a ``share`` from 0 to 1 of another colour."""
        return Colour(*(round(a + (b - a) * share) for a, b in zip(self, other, strict=True)))


def parse_colour(name: str) -> Colour:
    """Return the colour of a name (``"navy"``), a code (``"#1d3557"``) or another form that Pillow knows.

    Raises
    ------
    ValueError
        If Pillow does not know the colour, or it is not opaque.
    """
    try:
        channels = ImageColor.getrgb(name)
    except ValueError:
        raise ValueError(
            f"{name!r} is no colour; use a name such as 'navy' or a code such as '#1d3557'."
        ) from None
    if len(channels) == 4 and channels[3] != 255:
        raise ValueError(f"{name!r} is not opaque; use a colour without an alpha channel.")
    return Colour(*channels[:3])


@dataclass(frozen=True, slots=True)
class Style:
    """Ink, paper, pen and lettering.

    Parameters
    ----------
    ink, paper : str
        Colours: a name or a hex code.
    tip : str
        Colour of the pen's tip in animations.
    stroke_width : float
        Width of the pen as a share of the cell's shorter side, above 0 and below 0.5; at least a pixel.
    stroke_width_px : float, optional
        Width of the pen in pixels; overrides ``stroke_width``.
    colour_by : {"single", "stroke", "order", "hands"}
        One ink for all; another ink for each stroke; a gradient from the first point to the last; one ink for
        the first ``given_points`` points, and another for the rest.
    given_points : int or tuple of int
        For ``"hands"``: how many points of each drawing a person drew; a tuple has a number for each drawing
        of a sheet. A stroke that a person began and a model continued has two colours and so becomes
        two ``<path>`` elements in SVG, which share a point.
    ground : {"auto", "paper", "white", "none"}
        What lies beneath: the colour ``paper``, white, or nothing; ``auto`` is ``paper`` but beneath a single
        drawing in SVG.
    smooth : bool
        Whether smooth curves connect the points, which they pass exactly, instead of straight lines.
    curves : bool
        Whether SVG has Bézier curves fitted to the strokes, within the ink, instead of their points; what it
        looks like is the same.
    label_px : float, optional
        Size of the captions' letters; a share of the cell unless given.

    Raises
    ------
    ValueError
        If a colour is unknown or not opaque, a size is not positive, or ``colour_by`` is none of the four.
    """

    ink: str = "#1b1a17"
    paper: str = "#faf7f0"
    tip: str = "#c8452f"
    stroke_width: float = 0.0085
    stroke_width_px: float | None = None
    colour_by: ColourBy = "single"
    label_px: float | None = None
    given_points: int | tuple[int, ...] = 0
    ground: Ground = "auto"
    smooth: bool = False
    curves: bool = False

    def __post_init__(self) -> None:
        for name in (self.ink, self.paper, self.tip):
            parse_colour(name)
        if not 0 < self.stroke_width < 0.5:
            raise ValueError(
                f"stroke_width is a share of the cell between 0 and 0.5, not {self.stroke_width}."
            )
        for field in ("stroke_width_px", "label_px"):
            value = getattr(self, field)
            if value is not None and not 0 < value < float("inf"):
                raise ValueError(f"{field} must be above 0, not {value}.")
        if self.colour_by not in get_args(ColourBy):
            raise ValueError(f"colour_by is 'single', 'stroke', 'order' or 'hands', not {self.colour_by!r}.")

    @property
    def ink_colour(self) -> Colour:
        """Return the colour of the ink."""
        return parse_colour(self.ink)

    @property
    def paper_colour(self) -> Colour:
        """Return the colour of the paper: white where there is no ground."""
        return parse_colour(self.paper if self.ground in ("auto", "paper") else "#ffffff")

    @property
    def tip_colour(self) -> Colour:
        """Return the colour of the pen's tip."""
        return parse_colour(self.tip)

    @property
    def muted_colour(self) -> Colour:
        """Return the colour of captions: the ink thinned with paper."""
        return self.ink_colour.mixed(self.paper_colour, 0.42)

    def pen_px(self, cell_px: float) -> float:
        """Return the width of the pen in a cell whose shorter side is ``cell_px``."""
        share = max(FINEST_PEN_PX, self.stroke_width * cell_px)
        return share if self.stroke_width_px is None else self.stroke_width_px

    def caption_px(self, cell_px: float) -> float:
        """Return the size of the captions' letters beside a cell whose side is ``cell_px``."""
        return max(FINEST_LABEL_PX, round(0.07 * cell_px)) if self.label_px is None else self.label_px

    def of_drawing(self, index: int) -> Style:
        """Return the style of one drawing of a sheet, where ``given_points`` differs from one to another."""
        given = self.given_points
        return self if isinstance(given, int) else self.replace(given_points=given[index])

    def replace(self, **changes: object) -> Style:
        """Return a copy with other values."""
        return replace(self, **changes)  # type: ignore[arg-type]


DEFAULT_STYLE = Style()
