"""Drawings and sheets as SVG; each drawing of a sheet is a group, which a vector editor can take apart."""

from __future__ import annotations

from math import ceil, log10
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from limner.render.colouring import inked_strokes
from limner.render.lettering import one_line
from limner.render.sheet_layout import plan_sheet
from limner.render.smooth import curve_data
from limner.render.style import DEFAULT_STYLE
from limner.strokes.svg.writer import (
    CURVE_SHARE,
    DIGITS,
    MARGIN_SHARE,
    PEN_SHARE,
    fitted_path_data,
    number,
    path_data,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Unpack

    from limner.render.colouring import Piece
    from limner.render.layout import Label, Layout
    from limner.render.sheet_layout import SheetOptions
    from limner.render.style import Style
    from limner.strokes.drawing import Drawing

FONTS = "Aileron, Inter, 'Helvetica Neue', Helvetica, Arial, sans-serif"
"""Fonts of captions: Aileron is the one that Pillow brings, with which widths are measured."""


def sheet_to_svg(
    drawings: Sequence[Drawing], *, style: Style = DEFAULT_STYLE, **options: Unpack[SheetOptions]
) -> str:
    """Return a sheet as an SVG document.

    Every drawing is a ``<g id="drawing-0000">`` with a ``<title>``, its pen, and a ``<path>`` per stroke, in
    coordinates of the sheet, without transforms. A stroke of several inks has a path for each of them: with
    ``colour_by="order"``, and with ``"hands"`` where a model continues the stroke that a person began.

    Parameters
    ----------
    drawings : sequence of Drawing
    style : Style
    **options
        See :class:`limner.render.sheet_layout.SheetOptions`; the look is that of
        :func:`limner.render.png.sheet_to_image`.

    Raises
    ------
    ValueError
        As :func:`limner.render.sheet_layout.plan_sheet`.
    """
    layout = plan_sheet(drawings, style, **options)
    names = _names(drawings, options.get("captions"))
    return "\n".join(_document(layout, names, options.get("title") or "", style)) + "\n"


def _document(layout: Layout, names: list[str], title: str, style: Style) -> Iterator[str]:
    size = f'width="{layout.width}" height="{layout.height}"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {layout.width} {layout.height}">'
    if one_line(title):
        yield f"<title>{_text(title)}</title>"
    if style.ground != "none":
        yield f'<rect id="paper" {size} fill="{style.paper_colour.hex}"/>'
    for index, (drawing, name) in enumerate(zip(layout.drawings, names, strict=True)):
        yield from _group(f"drawing-{index:04d}", drawing, name, layout.pen_px, style.of_drawing(index))
    if layout.labels:
        yield f'<g id="lettering" font-family="{FONTS}">'
        yield from (_label(label, style) for label in layout.labels)
        yield "</g>"
    yield "</svg>"


def _group(name: str, drawing: Drawing, title: str, pen_px: float, style: Style) -> Iterator[str]:
    pen = f'fill="none" stroke-width="{number(pen_px)}" stroke-linecap="round" stroke-linejoin="round"'
    ink = f' stroke="{style.ink_colour.hex}"' if style.colour_by == "single" else ""
    yield f'<g id="{name}" {pen}{ink}>'
    if title:
        yield f"<title>{_text(title)}</title>"
    for piece, path in inked_paths(drawing, style):
        own = "" if ink else f' stroke="{piece.colour.hex}"'
        yield f'<path d="{path}"{own}/>'
    yield "</g>"


def inked_paths(drawing: Drawing, style: Style, digits: int = DIGITS) -> Iterator[tuple[Piece, str]]:
    """Yield a drawing's pieces of one ink with the ``d`` of their paths.

    They are cubic curves through the points in a smooth style, and ones that fit them in one of curves.
    """
    if style.curves and style.colour_by != "order":
        x_min, y_min, x_max, y_max = drawing.bounds
        tolerance = CURVE_SHARE * (max(x_max - x_min, y_max - y_min) or 1.0)
        for piece in (p for stroke in inked_strokes(drawing, style) for p in stroke):
            yield piece, fitted_path_data(piece.points, tolerance, digits)
        return
    curved = style.smooth and style.colour_by != "order"
    pieces = inked_strokes(drawing, style.replace(smooth=False) if curved else style)
    for piece in (p for stroke in pieces for p in stroke):
        yield piece, (curve_data if curved else path_data)(piece.points, digits)


def picture_to_svg(drawing: Drawing, style: Style) -> str:
    """Return one drawing as a document in its own coordinates, like :meth:`Drawing.to_svg`, in a style.

    There is no ground unless the style asks for paper or white.
    """
    x_min, y_min, x_max, y_max = drawing.bounds
    size = max(x_max - x_min, y_max - y_min) or 1.0
    margin, digits = size * MARGIN_SHARE, max(0, ceil(5 - log10(size)))
    x, y, width, height = (
        number(v, digits)
        for v in (x_min - margin, y_min - margin, x_max - x_min + 2 * margin, y_max - y_min + 2 * margin)
    )
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{x} {y} {width} {height}">']
    if style.ground in ("paper", "white"):
        place = f'x="{x}" y="{y}" width="{width}" height="{height}"'
        lines.append(f'<rect id="paper" {place} fill="{style.paper_colour.hex}"/>')
    if drawing.label:
        lines.insert(1, f"<title>{_text(drawing.label)}</title>")
    pen = f'stroke-width="{number(size * PEN_SHARE, digits)}" stroke-linecap="round" stroke-linejoin="round"'
    lines.append(f'<g fill="none" {pen}>')
    for piece, path in inked_paths(drawing, style, digits):
        lines.append(f'<path stroke="{piece.colour.hex}" d="{path}"/>')
    return "\n".join([*lines, "</g>", "</svg>", ""])


def _label(label: Label, style: Style) -> str:
    colour = style.ink_colour if label.role == "title" else style.muted_colour
    where = f'x="{number(label.x)}" y="{number(label.y)}" text-anchor="{label.anchor}"'
    look = f'font-size="{number(label.size_px)}" fill="{colour.hex}"'
    return f'<text class="{label.role}" {where} {look}>{_text(label.text)}</text>'


def _names(drawings: Sequence[Drawing], captions: Sequence[str] | None) -> list[str]:
    return [one_line(name) for name in captions or [d.label or "" for d in drawings]]


def _text(text: str) -> str:
    """Escape a line of text, without what cannot be printed, which includes what XML cannot hold."""
    return escape(one_line(text))
