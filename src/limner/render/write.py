"""Drawings to files: a family of writers with one signature, chosen by the suffix of the path."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from limner.errors import LimnerError, quote_list
from limner.files import whole_folder, write_bytes, write_text
from limner.render.sheet import SheetOptions
from limner.render.style import DEFAULT_STYLE, Style
from limner.strokes.drawing import Drawing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Unpack

Writer = Callable[[Sequence[Drawing], Path, Style, SheetOptions], None]
"""Writes at least one drawing to a path, whole or not at all."""

FOLDER = ""
"""The key of the writer for paths without a suffix."""


def write_drawings(
    drawings: Sequence[Drawing],
    path: str | Path,
    *,
    style: Style = DEFAULT_STYLE,
    writers: Mapping[str, Writer] | None = None,
    **options: Unpack[SheetOptions],
) -> None:
    """Write drawings as the suffix of ``path`` says; a path without one is a folder with one SVG a drawing.

    Parameters
    ----------
    drawings : sequence of Drawing
        One drawing without further options becomes a picture of its own, several a sheet.
    path : str or Path
        ``x.svg``, ``x.png``, ``x.gif``, or a folder (``0000.svg``, ...).
        The same drawings give the same bytes.
    style : Style
    writers : mapping of suffix to Writer, optional
        :data:`WRITERS` unless given; ``WRITERS | {".npz": ...}`` adds a suffix.
    **options
        See :class:`limner.render.sheet.SheetOptions`.

    Raises
    ------
    LimnerError
        If there is no drawing, the suffix is unknown, or the path cannot be written.
    ValueError
        If an option is out of range.
    """
    writer = find_writer(path, writers)
    if not drawings:
        raise LimnerError(f"There are no drawings to write to {path}.")
    writer(drawings, Path(path), style, options)


def find_writer(path: str | Path, writers: Mapping[str, Writer] | None = None) -> Writer:
    """Find the writer for a path by its suffix; call it before long work to refuse early.

    Raises
    ------
    LimnerError
        If the suffix is unknown; the message lists what is possible.
    """
    known = WRITERS if writers is None else writers
    names_folder = str(path).endswith(("/", "\\")) or Path(path).is_dir()
    suffix = FOLDER if names_folder else Path(path).suffix.lower()
    if suffix not in known:
        possible = [name for name in known if name != FOLDER]
        possible += ["no suffix for a folder of SVG files"] if FOLDER in known else []
        raise LimnerError(f"Cannot write {path}: {suffix or 'a folder'} is unknown; use {_either(possible)}.")
    return known[suffix]


def _either(names: list[str]) -> str:
    return quote_list(names).replace(" and ", " or ")


def _write_svg(drawings: Sequence[Drawing], path: Path, style: Style, options: SheetOptions) -> None:
    from limner.render.svg import sheet_to_svg

    if _alone(drawings, options):
        write_text(path, _plain_svg(drawings[0], style))
    else:
        write_text(path, sheet_to_svg(drawings, style=style, **options))


def _write_png(drawings: Sequence[Drawing], path: Path, style: Style, options: SheetOptions) -> None:
    from limner.render.png import draw_image, png_bytes, sheet_to_image

    alone = _alone(drawings, options)
    image = (
        draw_image(drawings[0], style=style) if alone else sheet_to_image(drawings, style=style, **options)
    )
    write_bytes(path, png_bytes(image))


def _write_gif(drawings: Sequence[Drawing], path: Path, style: Style, options: SheetOptions) -> None:
    from limner.render.gif import drawing_to_gif, sheet_to_gif

    alone = _alone(drawings, options)
    data = (
        drawing_to_gif(drawings[0], style=style) if alone else sheet_to_gif(drawings, style=style, **options)
    )
    write_bytes(path, data)


def _write_folder(drawings: Sequence[Drawing], path: Path, style: Style, options: SheetOptions) -> None:
    del options  # plain documents, for editors and plotters
    digits = max(4, len(str(len(drawings) - 1)))
    with whole_folder(path) as draft:
        for index, drawing in enumerate(drawings):
            (draft / f"{index:0{digits}d}.svg").write_text(_plain_svg(drawing, style), encoding="utf-8")


def _plain_svg(drawing: Drawing, style: Style) -> str:
    from limner.render.svg import picture_to_svg

    return drawing.to_svg() if style == DEFAULT_STYLE else picture_to_svg(drawing, style)


def _alone(drawings: Sequence[Drawing], options: SheetOptions) -> bool:
    return len(drawings) == 1 and all(value is None or value is False for value in options.values())


WRITERS: Mapping[str, Writer] = {
    ".svg": _write_svg,
    ".png": _write_png,
    ".gif": _write_gif,
    FOLDER: _write_folder,
}
