"""Drawings to files: the writer is chosen from :data:`limner.render.writers.WRITERS` by the path's suffix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from limner.errors import LimnerError, quote_list
from limner.render.style import DEFAULT_STYLE, Style
from limner.render.writers import FOLDER, WRITERS, DrawingWriter, WriteOptions
from limner.strokes.drawing import Drawing

if TYPE_CHECKING:
    from typing import Unpack

    from limner.render.sheet_layout import SheetOptions


def write_drawings(
    drawings: Sequence[Drawing],
    path: str | Path,
    *,
    style: Style = DEFAULT_STYLE,
    **sheet: Unpack[SheetOptions],
) -> None:
    """Write drawings as the suffix of ``path`` says; a path without one is a folder with one SVG per drawing.

    Parameters
    ----------
    drawings : sequence of Drawing
        One drawing without further options becomes a picture of its own, several become a sheet.
    path : str or Path
        ``x.svg``, ``x.png``, ``x.gif``, ..., or a folder (``0000.svg``, ...).
        The same drawings yield the same bytes.
    style : Style
    **sheet
        See :class:`limner.render.sheet_layout.SheetOptions`.

    Raises
    ------
    LimnerError
        If there is no drawing, the suffix is unknown, or the path cannot be written.
    ValueError
        If an option is out of range.
    """
    write_with(find_writer(path), drawings, path, WriteOptions(style, sheet))


def write_with(
    writer: DrawingWriter, drawings: Sequence[Drawing], path: str | Path, options: WriteOptions
) -> None:
    """Write drawings by a writer, such as one of :func:`find_writer`.

    Raises
    ------
    LimnerError
        If there is no drawing, there must be no ground and the format needs one, or the path cannot be
        written.
    """
    if not drawings:
        raise LimnerError(f"There are no drawings to write to {path}.")
    if options.style.ground == "none" and not writer.transparent:
        raise LimnerError(f"Cannot write {path}: {writer.title} has no transparency; choose a ground.")
    writer.write(drawings, Path(path), options)


def find_writer(path: str | Path, *, moving: bool = False, others: Iterable[str] = ()) -> DrawingWriter:
    """Return the writer of a path; call it before long work to refuse early.

    Parameters
    ----------
    path : str or Path
    moving : bool
        Whether an animation is to be written.
    others : iterable of str
        Suffixes that the caller can write too; a refusal lists them.

    Raises
    ------
    LimnerError
        If there is none for the suffix, or it cannot write here, as an extra is missing.
    """
    suffix = FOLDER if names_folder(path) else Path(path).suffix.lower()
    writer = _by_suffix(suffix, moving)
    if writer is None:
        possible = [*suffixes(moving=moving), *others]
        possible += [] if moving else ["no suffix for a folder of SVG files"]
        raise LimnerError(
            f"Cannot write {path}: {suffix or 'a folder'} is unknown; use {quote_choice(possible)}."
        )
    if writer.check is not None:
        writer.check()
    return writer


def suffixes(*, moving: bool = False) -> list[str]:
    """Return the suffixes of files that drawings, or only animations, can be written to."""
    known = (w.suffix for _, w in WRITERS.items() if w.moves or not moving)
    return [suffix for suffix in dict.fromkeys(known) if suffix != FOLDER]


def quote_choice(names: list[str]) -> str:
    """Join names for a sentence: ``a, b or c``."""
    return quote_list(names).replace(" and ", " or ")


def names_folder(path: str | Path) -> bool:
    """Return whether a path means a folder whatever its suffix: it is one, or ends in a slash."""
    return str(path).endswith(("/", "\\")) or Path(path).is_dir()


def _by_suffix(suffix: str, moving: bool) -> DrawingWriter | None:
    """Return the first writer of a suffix; other packages are asked only if none that is built in has it."""
    for writers in (WRITERS.built_in, WRITERS.items):
        for _, writer in writers():
            if writer.suffix == suffix and (writer.moves or not moving):
                return writer
    return None
