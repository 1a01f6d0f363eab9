"""MP4: frames come out as they went in; a missing extra says what to install."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from limner.errors import MissingExtraError
from limner.render.video import check_video, write_mp4

GREYS = (0, 80, 160, 240)


def picture(grey: int, size: tuple[int, int] = (31, 17)) -> Image.Image:
    return Image.new("RGB", size, (grey, grey, grey))


def test_frames_come_out_as_they_went_in(tmp_path: Path) -> None:
    """Odd sides get one more pixel."""
    imageio_ffmpeg = pytest.importorskip("imageio_ffmpeg", reason="the extra video is not installed")
    write_mp4([picture(grey) for grey in GREYS for _ in range(5)], 10, tmp_path / "x.mp4")
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-i", str(tmp_path / "x.mp4")]
    command += ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    read = subprocess.run(command, capture_output=True, check=True, timeout=60)
    said = read.stderr.decode()
    assert all(fact in said for fact in ("Video: h264", "32x18", "10 fps"))
    frames = np.frombuffer(read.stdout, np.uint8).reshape(20, 18, 32, 3)
    for frame, grey in zip(frames[2::5], GREYS, strict=True):
        assert np.abs(frame.astype(int) - grey).mean() < 6
    assert list(tmp_path.iterdir()) == [tmp_path / "x.mp4"]


def test_nothing_is_left_when_it_fails(tmp_path: Path) -> None:
    pytest.importorskip("imageio_ffmpeg", reason="the extra video is not installed")

    def broken() -> object:
        yield picture(1)
        raise ArithmeticError("in the middle")

    with pytest.raises(ArithmeticError, match="in the middle"):
        write_mp4(broken(), 10, tmp_path / "x.mp4")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at least one frame"):
        write_mp4([], 10, tmp_path / "x.mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_extra_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(MissingExtraError, match=r"Writing MP4 needs .* pip install 'limner\[video\]'"):
        check_video()
