"""Animations as GIF: a small palette made from the style's inks, and in each frame only what changes."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from limner.render.colouring import inks
from limner.render.frames import DEFAULT_PACE, drawing_frames, morph_frames, sheet_frames
from limner.render.style import DEFAULT_STYLE, Colour

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Unpack

    from limner.render.pace import Pace
    from limner.render.sheet_layout import SheetOptions
    from limner.render.style import Style
    from limner.strokes.drawing import Drawing

SHADES = 31
"""Shades between the paper and an ink at most; the paper and two inks then fit into 64 colours."""


def drawing_to_gif(
    drawing: Drawing,
    *,
    size: int | tuple[int, int] = 400,
    pace: Pace = DEFAULT_PACE,
    style: Style = DEFAULT_STYLE,
) -> bytes:
    """Return a looping GIF of a drawing being drawn; see :func:`limner.render.frames.drawing_frames`."""
    return gif_bytes(drawing_frames(drawing, size=size, pace=pace, style=style), pace.fps, style)


def sheet_to_gif(
    drawings: Sequence[Drawing],
    *,
    pace: Pace = DEFAULT_PACE,
    style: Style = DEFAULT_STYLE,
    **options: Unpack[SheetOptions],
) -> bytes:
    """Return a looping GIF of a sheet whose drawings are drawn all at once."""
    return gif_bytes(sheet_frames(drawings, pace=pace, style=style, **options), pace.fps, style)


def morph_to_gif(
    drawings: Sequence[Drawing],
    *,
    size: int | tuple[int, int] = 400,
    fps: float = 10.0,
    hold_seconds: float = 0.5,
    ping_pong: bool = True,
    style: Style = DEFAULT_STYLE,
) -> bytes:
    """Return a looping GIF of one drawing after another; see :func:`limner.render.frames.morph_frames`.

    Parameters
    ----------
    fps : float
        Drawings per second, above 0 and at most 50.
    hold_seconds : float
        How long the first and the last drawing stay.
    """
    n_hold = round(hold_seconds * fps)
    stills = morph_frames(drawings, size=size, ping_pong=ping_pong, n_hold_frames=n_hold, style=style)
    return gif_bytes(stills, fps, style)


def gif_bytes(frames: Iterable[Image.Image], fps: float, style: Style) -> bytes:
    """Encode RGB images of one size as a looping GIF; the same images yield the same bytes.

    Parameters
    ----------
    frames : iterable of Image
        In the colours of ``style``. An object that follows itself becomes one frame that stays longer.
    fps : float
        Frames per second, above 0 and at most 50; GIF counts time in hundredths of a second.

    Raises
    ------
    ValueError
        If ``fps`` is out of range, or there is no frame.
    """
    if not 0 < fps <= 50:
        raise ValueError(f"fps must be above 0 and at most 50, not {fps}.")
    colours = palette(style)
    indexed, durations_ms = _indexed(frames, colours, fps)
    flat = [channel for colour in [*colours, _unused(colours)] for channel in colour]
    for image in indexed:
        image.putpalette(flat)
    bare = style.ground == "none"
    buffer = BytesIO()
    indexed[0].save(
        buffer,
        "GIF",
        save_all=True,
        append_images=indexed[1:],
        duration=durations_ms,
        loop=0,
        palette=bytes(flat),
        transparency=0 if bare else len(colours),  # the paper; else unchanged pixels of later frames
        disposal=2 if bare else 1,
        optimize=not bare,
    )
    return buffer.getvalue()


def palette(style: Style) -> list[Colour]:
    """Return at most 255 colours: the paper, and shades from it to each ink, the labels and the pen's tip."""
    paper = style.paper_colour
    full = list(dict.fromkeys([*inks(style), style.ink_colour, style.tip_colour]))
    shades = min(SHADES, 254 // len(full))
    ramps = [paper.mixed(colour, step / shades) for colour in full for step in range(1, shades + 1)]
    return list(dict.fromkeys([paper, *ramps]))


def _indexed(
    frames: Iterable[Image.Image], colours: list[Colour], fps: float
) -> tuple[list[Image.Image], list[int]]:
    """Map frames to the palette, and return them with their durations in milliseconds."""
    key = Image.new("P", (1, 1))
    key.putpalette([channel for colour in colours for channel in colour])
    indexed: list[Image.Image] = []
    durations: list[int] = []
    before: Image.Image | None = None
    for frame, duration in zip(frames, _durations_ms(fps), strict=False):
        if frame is before:
            durations[-1] += duration
            continue
        shades = frame.quantize(palette=key, dither=Image.Dither.NONE)
        shades.paste(0, mask=_bare(frame, colours[0]))  # quantize takes near shades for the paper, too
        indexed.append(shades)
        durations.append(duration)
        before = frame
    if not indexed:
        raise ValueError("A GIF needs at least one frame.")
    return indexed, durations


def _bare(frame: Image.Image, paper: Colour) -> Image.Image:
    """Return a mask of the pixels on which nothing is drawn."""
    return Image.fromarray((np.asarray(frame) == paper).all(axis=2))


def _durations_ms(fps: float) -> Iterator[int]:
    """Yield multiples of ten whose running sum stays within five of the exact time."""
    shown = 0
    count = 0
    while True:
        count += 1
        until = round(100 * count / fps)
        yield 10 * (until - shown)
        shown = until


def _unused(colours: list[Colour]) -> Colour:
    greys = (Colour(v, v, v) for v in range(256))
    return next(grey for grey in greys if grey not in colours)
