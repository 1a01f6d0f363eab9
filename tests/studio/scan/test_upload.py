"""Names of pictures, as somebody calls them and as files can be called."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.studio.scan.upload import NAME_BYTES, safe_filename, safe_stem


@pytest.mark.parametrize(
    ("given_name", "wanted"),
    [
        ("page 1.png", "page 1.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\scans\\Blatt ä.tif", "Blatt ä.tif"),
        ("..", "The picture"),
        ("", "The picture"),
        (".hidden.png", "hidden.png"),
        ("a\x00b\n.png", "ab.png"),
    ],
)
def test_names(given_name: str, wanted: str) -> None:
    assert safe_filename(given_name) == wanted


@given(st.text(max_size=300))
def test_any_name_can_be_a_files(name: str) -> None:
    plain = safe_filename(name)
    assert Path(plain).name == plain
    assert plain not in (".", "..")
    assert len(plain.encode()) <= NAME_BYTES
    stem = safe_stem(plain)
    assert stem.isascii()
    assert stem
    assert "/" not in stem
