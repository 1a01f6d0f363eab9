"""Reading SVG as a browser shows it: where ink lay in screenshots of Chromium 156, in pixels.

Each document is drawn black, with lines four pixels wide, on a page of 200 by 200 in a window of 800 by 600.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from limner.errors import DataError
from limner.strokes.drawing import Drawing

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'viewBox="0 0 200 200" width="200" height="200" stroke="#000" fill="none" stroke-width="4">'
)
MEASURED = json.loads(Path(__file__).with_name("browser.json").read_text(encoding="utf-8"))
HALF_LINE = 2.6  # with what smoothing adds


@pytest.mark.slow
@pytest.mark.parametrize(("body", "ink"), MEASURED.values(), ids=MEASURED)
def test_ink_lies_where_a_browser_shows_it(body: str, ink: list[int] | None) -> None:
    document = f"{HEAD}{body}</svg>"
    if ink is None:
        with pytest.raises(DataError, match="draws no lines"):
            Drawing.from_svg_text(document)
    else:
        assert Drawing.from_svg_text(document).bounds == pytest.approx(ink, abs=HALF_LINE)


@pytest.mark.parametrize(
    ("attributes", "ink"),
    [
        ('transform="scale(.5)"', [60, 59, 96, 80]),
        ('transform="translate(30 10)"', [50, 28, 122, 70]),
        ('style="transform: rotate(90deg)"', [140, 20, 182, 92]),
        ('style="rotate: 90deg; transform-origin: 50px 50px"', [40, 20, 82, 92]),
        ('transform="spin(30)"', [20, 18, 92, 60]),
    ],
)
def test_the_root_is_transformed_about_the_middle_of_the_page(attributes: str, ink: list[int]) -> None:
    document = HEAD.replace("<svg", f"<svg {attributes}") + '<path d="M20 20H90V60"/></svg>'
    assert Drawing.from_svg_text(document).bounds == pytest.approx(ink, abs=HALF_LINE)


def test_a_transform_of_the_root_counts_in_pixels() -> None:
    """On a page of twice the size, where a browser shows the ink from (70, 46) to (214, 130)."""
    head = HEAD.replace('width="200" height="200"', 'width="400" height="400" transform="translate(30 10)"')
    bounds = Drawing.from_svg_text(f'{head}<path d="M20 20H90V60"/></svg>').bounds
    assert bounds == pytest.approx([35, 23, 107, 65], abs=HALF_LINE)


@pytest.mark.parametrize("size", ["0", "calc(1e308px * 100)"])
def test_a_page_without_a_size_is_not_transformed(size: str) -> None:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="9" transform="scale(2)">'
    text = f'{head}<path d="M0 0h1"/></svg>'
    assert Drawing.from_svg_text(text).bounds == (0, 0, 1, 0)
