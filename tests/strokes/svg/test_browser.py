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


@pytest.mark.parametrize(("body", "ink"), MEASURED.values(), ids=MEASURED)
def test_ink_lies_where_a_browser_shows_it(body: str, ink: list[int] | None) -> None:
    document = f"{HEAD}{body}</svg>"
    if ink is None:
        with pytest.raises(DataError, match="draws no lines"):
            Drawing.from_svg_text(document)
    else:
        assert Drawing.from_svg_text(document).bounds == pytest.approx(ink, abs=HALF_LINE)
