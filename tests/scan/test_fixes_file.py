"""``page.fixes.toml``: written, read, refused."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.errors import DataError
from limner.scan.fixes import (
    DeleteFix,
    Fix,
    FlipFix,
    JoinFix,
    OrderFix,
    PageFixes,
    ReverseFix,
    SplitFix,
    place_of,
)
from limner.scan.fixes_file import (
    NOTHING_FIXED,
    PictureFixes,
    fixes_beside,
    fixes_for,
    fixes_of,
    fixes_path,
    fixes_text,
    read_fixes,
    table_of,
    write_fixes,
)
from limner.scan.settings import ScanSettings

if TYPE_CHECKING:
    from pathlib import Path

places = st.tuples(*2 * [st.integers(-500_000, 5_000_000).map(lambda n: n / 100)])
trails = st.tuples(*4 * [places])


@st.composite
def flips(draw: st.DrawFn) -> FlipFix:
    lines = draw(st.lists(places, min_size=3, max_size=7))
    order = draw(st.permutations(range(len(lines))))
    pairs = [(min(pair), max(pair)) for pair in zip(order[::2], order[1::2], strict=False)]
    if len(lines) == 3 and draw(st.booleans()):
        pairs = [(0, 1), (1, 2)]
    return FlipFix(draw(places), tuple(lines), tuple(sorted(pairs)))


fixes = st.one_of(
    flips(),
    st.builds(JoinFix, trails, trails),
    st.builds(SplitFix, trails, places),
    st.builds(ReverseFix, trails),
    st.builds(DeleteFix, trails),
    st.builds(OrderFix, trails, st.none() | trails),
)
pages = st.dictionaries(st.integers(1, 9), st.lists(fixes, min_size=1, max_size=5), max_size=3)


def picture_fixes(found: dict[int, list[Fix]], size: tuple[int, int] | None = None) -> PictureFixes:
    return PictureFixes({page: PageFixes(tuple(those)) for page, those in found.items()}, size)


@settings(max_examples=40, deadline=None)
@given(pages, st.none() | st.tuples(*2 * [st.integers(1, 90_000)]), st.text(max_size=12))
def test_what_is_written_is_read(
    found: dict[int, list[Fix]], size: tuple[int, int] | None, name: str
) -> None:
    written = picture_fixes(found, size)
    text = fixes_text(written, name)
    assert fixes_of(table_of(text, where="it"), where="it") == written
    assert tomllib.loads(text)["picture"] == name


@settings(max_examples=30, deadline=None)
@given(fixes)
def test_fixes_grow_with_the_picture(fix: Fix) -> None:
    """One that was scanned anew at twice the size; sizes that differ by a pixel are the same."""
    found = picture_fixes({1: [fix]}, (400, 300))
    (larger,) = found.of_page(1, (800, 600)).fixes
    assert type(larger) is type(fix)
    assert place_of(larger) == pytest.approx([2 * value for value in place_of(fix)])
    assert found.of_page(1, (401, 300)).fixes == (fix,)
    assert found.of_page(2, (800, 600)).fixes == ()


def test_fixes_lie_beside_the_picture(tmp_path: Path) -> None:
    page = tmp_path / "page.1.png"
    assert fixes_path(page).name == "page.1.fixes.toml"
    assert fixes_beside(page) == NOTHING_FIXED
    trail = ((0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0))
    write_fixes(fixes_path(page), picture_fixes({1: [DeleteFix(trail)]}, (4, 4)), page.name)
    assert fixes_beside(page).of_page(1, (4, 4)).fixes == (DeleteFix(trail),)
    assert fixes_for(page, ScanSettings(fixes="ignore")) == NOTHING_FIXED
    assert fixes_for(page, ScanSettings()) == fixes_beside(page)


STROKE = [[0, 0], [1, 0], [2, 0], [3, 0]]
FLIP: dict[str, Any] = {"kind": "flip", "at": [0, 0], "lines": [[1, 0], [0, 1], [1, 1], [2, 2]]}


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"kind": "mend"}, "kind must be one of flip, join"),
        ({"kind": ["delete"]}, "kind must be one of"),
        ({"stroke": STROKE}, "'kind' is missing"),
        ({"kind": "delete"}, "'stroke' is missing"),
        ({"kind": "delete", "stroke": STROKE[:3]}, "named by 4 points, not 3"),
        ({"kind": "delete", "stroke": STROKE, "page": 0}, "page must be a number from 1"),
        ({"kind": "delete", "stroke": STROKE, "at": [0, 0]}, "delete has no 'at'"),
        ({"kind": "split", "stroke": STROKE, "at": [0, float("nan")]}, "nan is no position"),
        ({"kind": "split", "stroke": STROKE, "at": "ab"}, "'ab' is no list"),
        ({**FLIP, "pairs": [[0, 4]]}, "must name two of the 4 lines"),
        ({**FLIP, "pairs": [[0, 1], [1, 2]]}, "a line goes on as one other"),
        ({**FLIP, "lines": [[0, 0]], "pairs": []}, "lines must be 2 to"),
        ("delete", "it is no table"),
    ],
)
def test_what_is_no_fix_is_refused(entry: Any, words: str) -> None:
    good = {"kind": "delete", "stroke": STROKE}
    with pytest.raises(DataError, match=r"^it: fix 2 cannot be used: ") as caught:
        fixes_of({"fix": [good, entry]}, where="it")
    assert words in str(caught.value)
    assert len(str(caught.value)) <= 300


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.fixes.toml"
    for data, words in (
        (b"fix = [", "is no TOML"),
        (b"\xff", "no text in UTF-8"),
        (b"fix = 3", "list of tables"),
    ):
        path.write_bytes(data)
        with pytest.raises(DataError, match=words):
            read_fixes(path)
    path.write_text("size = [3]")
    with pytest.raises(DataError, match="size must be the width and height"):
        read_fixes(path)
    with pytest.raises(DataError, match="cannot be read"):
        read_fixes(tmp_path)
