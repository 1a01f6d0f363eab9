"""Animations of drawings as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from limner.render.frames import DEFAULT_PACE
from limner.render.options import FilmKind
from limner.render.pace import Pace
from limner.render.style import DEFAULT_STYLE, Style
from limner.render.write import find_writer, write_with
from limner.render.writers import WriteOptions
from limner.strokes.drawing import Drawing


def animate(
    drawings: Drawing | Sequence[Drawing],
    out: str | Path,
    *,
    kind: FilmKind | None = None,
    size_px: int | None = None,
    pace: Pace = DEFAULT_PACE,
    style: Style = DEFAULT_STYLE,
) -> Path:
    """Write drawings being drawn, as ``limner animate`` does.

    Parameters
    ----------
    drawings : Drawing or sequence of Drawing
    out : str or Path
        A ``.gif``, ``.svg`` or ``.mp4`` file (with the extra ``video``).
    kind : {"draw", "sheet", "morph"}, optional
        One drawing stroke by stroke, all of them at once on a sheet, or one whole drawing after another; draw
        for one drawing and sheet for several unless given.
    size_px : int, optional
        Longest side.
    pace : Pace
        Duration, frames per second, and whether the pen's tip is shown.
    style : Style

    Returns
    -------
    Path
        ``out``.

    Raises
    ------
    LimnerError
        If the suffix is unknown, an extra is missing, or the file cannot be written.
    """
    several = [drawings] if isinstance(drawings, Drawing) else list(drawings)
    writer = find_writer(out, moving=True)
    options = WriteOptions(style, size_px=size_px, kind=kind, pace=pace)
    write_with(writer, several, out, options)
    return Path(out)
