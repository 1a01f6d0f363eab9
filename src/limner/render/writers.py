"""``WRITERS``: what drawings, sheets of them and animations can be written as.

Command line and studio choose from this table. Another package adds to it by an entry point of the group
``limner.writers``; see ``docs/adding/writer.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from limner.registry import Registry
from limner.render.frames import DEFAULT_PACE
from limner.render.options import FilmKind
from limner.render.pace import Pace
from limner.render.sheet_layout import SheetOptions
from limner.render.style import DEFAULT_STYLE, Style
from limner.strokes.drawing import Drawing

if TYPE_CHECKING:
    from limner.render.film import Film

FOLDER = ""
"""The suffix of the writer of folders."""
PICTURE_PX = 512
"""Side of a picture of one drawing, unless given."""

Use = Literal["colour", "size", "motion", "plot"]
"""A group of options: the inks; the size in pixels; what moves, and its pace; the page and its pens."""


@dataclass(frozen=True)
class WriteOptions:
    """What a writer may heed; each takes what applies to it.

    Parameters
    ----------
    style : Style
    sheet : SheetOptions
        Of several drawings. One drawing without any of them becomes a picture of its own.
    size_px : int, optional
        Side of a picture of one drawing, or about the width of a sheet; the writer's default unless given.
    kind : {"draw", "sheet", "morph"}, optional
        What an animation shows; unless given, one drawing being drawn, or several on a sheet.
    pace : Pace
        Of an animation.
    tick : callable, optional
        Called now and then in long work; what it raises ends the work.
    """

    style: Style = DEFAULT_STYLE
    sheet: SheetOptions = field(default_factory=SheetOptions)
    size_px: int | None = None
    kind: FilmKind | None = None
    pace: Pace = DEFAULT_PACE
    tick: Callable[[object], object] | None = None


Write: TypeAlias = Callable[[Sequence[Drawing], Path, WriteOptions], None]
"""Writes at least one drawing to a path, whole or not at all; the same drawings yield the same bytes."""


@dataclass(frozen=True)
class DrawingWriter:
    """A format that drawings can be written as.

    Parameters
    ----------
    title : str
        For menus, such as ``Plotter page, mm``.
    suffix : str
        Of its files, in lower case with the dot. Of several writers of one suffix, the first one is meant by
        a path alone.
    media_type : str
        Such as ``image/png``.
    write : callable
    uses : tuple of {"colour", "size", "motion", "plot"}
        The options that it heeds; ``motion`` marks animations.
    mark : str
        Stands before the suffix in names of files, to tell writers of one suffix apart: ``-plotter``.
    transparent : bool
        Whether it can leave the ground out.
    check : callable, optional
        Raises an error where this writer cannot write, such as one of a missing extra.
    """

    title: str
    suffix: str
    media_type: str
    write: Write
    uses: tuple[Use, ...] = ()
    mark: str = ""
    transparent: bool = True
    check: Callable[[], object] | None = None

    @property
    def moves(self) -> bool:
        """Return whether it writes animations."""
        return "motion" in self.uses


def is_alone(drawings: Sequence[Drawing], sheet: SheetOptions) -> bool:
    """Return whether there is one drawing that no option makes a sheet of."""
    return len(drawings) == 1 and all(value is None or value is False for value in sheet.values())


def _write_svg(drawings: Sequence[Drawing], path: Path, options: WriteOptions) -> None:
    from limner.files import write_text
    from limner.render.svg import sheet_to_svg

    if is_alone(drawings, options.sheet):
        write_text(path, _plain_svg(drawings[0], options.style))
    else:
        write_text(path, sheet_to_svg(drawings, style=options.style, **options.sheet))


def _write_png(drawings: Sequence[Drawing], path: Path, options: WriteOptions) -> None:
    from limner.files import write_bytes
    from limner.render.png import draw_image, png_bytes, sheet_to_image

    if is_alone(drawings, options.sheet):
        image = draw_image(drawings[0], options.size_px or PICTURE_PX, options.style)
    else:
        image = sheet_to_image(drawings, style=options.style, **_film(drawings, options).sheet_options)
    write_bytes(path, png_bytes(image))


def _write_gif(drawings: Sequence[Drawing], path: Path, options: WriteOptions) -> None:
    from limner.files import write_bytes
    from limner.render.gif import gif_bytes

    film = _film(drawings, options)
    write_bytes(path, gif_bytes(film.frames(), film.fps, film.style))


def _write_mp4(drawings: Sequence[Drawing], path: Path, options: WriteOptions) -> None:
    from limner.render.video import write_mp4

    film = _film(drawings, options)
    write_mp4(film.frames(), film.fps, path)


def _write_moving_svg(drawings: Sequence[Drawing], path: Path, options: WriteOptions) -> None:
    from limner.files import write_text

    write_text(path, _film(drawings, options).svg())


def _write_zip(drawings: Sequence[Drawing], path: Path, options: WriteOptions) -> None:
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

    from limner.files import whole_file

    with whole_file(path) as draft, ZipFile(draft, "w") as archive:
        for k, drawing in enumerate(drawings):
            if options.tick is not None:
                options.tick(drawing)
            member = ZipInfo(f"{k:0{_digits(drawings)}d}.svg")  # of 1980, so that the bytes stay the same
            archive.writestr(member, _plain_svg(drawing, options.style.of_drawing(k)), ZIP_DEFLATED)


def _write_folder(drawings: Sequence[Drawing], path: Path, options: WriteOptions) -> None:
    from limner.files import whole_folder

    with whole_folder(path) as draft:
        for k, drawing in enumerate(drawings):
            text = _plain_svg(drawing, options.style.of_drawing(k))
            (draft / f"{k:0{_digits(drawings)}d}.svg").write_text(text, encoding="utf-8")


def _film(drawings: Sequence[Drawing], options: WriteOptions) -> Film:
    from limner.render.film import Film

    kind = options.kind or ("draw" if is_alone(drawings, options.sheet) else "sheet")
    return Film(drawings, kind, options.size_px, options.pace, options.style, options.tick, options.sheet)


def _plain_svg(drawing: Drawing, style: Style) -> str:
    from limner.render.svg import picture_to_svg

    return drawing.to_svg() if style == DEFAULT_STYLE else picture_to_svg(drawing, style.of_drawing(0))


def _digits(drawings: Sequence[Drawing]) -> int:
    return max(4, len(str(len(drawings) - 1)))


def _check_mp4() -> None:
    from limner.render.video import check_video

    check_video()


MOTION: tuple[Use, ...] = ("colour", "size", "motion")

WRITERS: Registry[DrawingWriter] = Registry(
    "limner.writers",
    "drawing writer",
    {
        "svg": DrawingWriter("SVG", ".svg", "image/svg+xml", _write_svg, ("colour",)),
        "png": DrawingWriter("PNG", ".png", "image/png", _write_png, ("colour", "size")),
        "gif": DrawingWriter("GIF", ".gif", "image/gif", _write_gif, MOTION),
        "mp4": DrawingWriter(
            "MP4", ".mp4", "video/mp4", _write_mp4, MOTION, transparent=False, check=_check_mp4
        ),
        "moving-svg": DrawingWriter(
            "Moving SVG", ".svg", "image/svg+xml", _write_moving_svg, MOTION, mark="-moving"
        ),
        "zip": DrawingWriter("SVG files in a zip", ".zip", "application/zip", _write_zip, ("colour",)),
        "folder": DrawingWriter("a folder of SVG files", FOLDER, "", _write_folder, ("colour",)),
    },
    lambda entry: isinstance(entry, DrawingWriter),
)
"""All drawing writers by name; the studio's interface uses these names."""
