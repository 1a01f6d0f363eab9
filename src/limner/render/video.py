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
"""Quality of the encoder, from 0 to 10; lines on paper need few bits, but sharp edges."""


def check_video() -> None:
    """Check that MP4 can be written, before long work.

    Raises
    ------
    MissingExtraError
        If the extra is not installed.
    """
    try:
        import imageio_ffmpeg  # noqa: F401
    except ImportError:
        raise MissingExtraError("video", "Writing MP4") from None


def write_mp4(frames: Iterable[Image.Image], fps: float, path: str | Path) -> None:
    """Write RGB images of one size as H.264 in an MP4 file, whole or not at all.

    Sides of odd length get one more row or column of pixels, as the format requires even ones.

    Parameters
    ----------
    frames : iterable of Image
        At least one.
    fps : float
        Frames per second.
    path : str or Path

    Raises
    ------
    MissingExtraError
        If the extra is not installed.
    ValueError
        If there is no frame.
    """
    check_video()
    from imageio_ffmpeg import write_frames

    rest = iter(frames)
    first = next(rest, None)
    if first is None:
        raise ValueError("A film needs at least one frame.")
    size = (first.width + first.width % 2, first.height + first.height % 2)
    with whole_file(path) as draft:
        writer = write_frames(
            draft, size, fps=fps, quality=QUALITY, codec="libx264", pix_fmt_out="yuv420p", macro_block_size=2,
            output_params=["-movflags", "+faststart"], ffmpeg_log_level="error",
        )  # fmt: skip
        writer.send(None)
        try:
            writer.send(_even(first))
            for frame in rest:
                writer.send(_even(frame))
        finally:
            writer.close()


def _even(frame: Image.Image) -> bytes:
    """Return the pixels of an image of even sides."""
    pixels = np.asarray(frame)
    odd = ((0, pixels.shape[0] % 2), (0, pixels.shape[1] % 2), (0, 0))
    return np.ascontiguousarray(np.pad(pixels, odd, mode="edge")).tobytes()
