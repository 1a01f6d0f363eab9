"""Animations as MP4, through the ffmpeg that the extra ``video`` brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limner.errors import MissingExtraError
from limner.files import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from PIL import Image

QUALITY = 8
"""From 0 to 10; lines on paper need few bits, but sharp edges."""


def check_video() -> None:
    """See that MP4 can be written, before long work.

    Raises
    ------
    MissingExtraError
        If the extra is not installed.
    """
    try:
        import imageio_ffmpeg  # noqa: F401
    except ImportError:
        raise MissingExtraError("video", "Writing MP4") from None


def write_mp4(pictures: Iterable[Image.Image], fps: float, path: str | Path) -> None:
    """Write RGB pictures of one size as H.264 in an MP4 file, whole or not at all.

    Sides of odd length get one more row or column of pixels, as the format wants them even.

    Parameters
    ----------
    pictures : iterable of Image
        At least one.
    fps : float
        Pictures a second.
    path : str or Path

    Raises
    ------
    MissingExtraError
        If the extra is not installed.
    ValueError
        If there is no picture.
    """
    check_video()
    from imageio_ffmpeg import write_frames

    turn = iter(pictures)
    first = next(turn, None)
    if first is None:
        raise ValueError("A film needs at least one picture.")
    size = (first.width + first.width % 2, first.height + first.height % 2)
    with whole_file(path) as draft:
        writer = write_frames(
            draft, size, fps=fps, quality=QUALITY, codec="libx264", pix_fmt_out="yuv420p", macro_block_size=2,
            output_params=["-movflags", "+faststart"], ffmpeg_log_level="error",
        )  # fmt: skip
        writer.send(None)
        try:
            writer.send(_even(first))
            for picture in turn:
                writer.send(_even(picture))
        finally:
            writer.close()


def _even(picture: Image.Image) -> bytes:
    pixels = np.asarray(picture)
    odd = ((0, pixels.shape[0] % 2), (0, pixels.shape[1] % 2), (0, 0))
    return np.ascontiguousarray(np.pad(pixels, odd, mode="edge")).tobytes()
