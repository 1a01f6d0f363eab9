"""``Drawing``: what it holds, what it refuses, and that nobody can change it."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import numpy as np
import pytest

from limner.errors import DataError
from limner.strokes.drawing import Drawing
from limner.strokes.svg.skipped import Skipped

if TYPE_CHECKING:
    from pathlib import Path

HEAD = '<svg xmlns="http://www.w3.org/2000/svg">'
HOOK = [[(0.0, 0.0), (3.0, 4.0)], [(1.0, 1.0)], [(5.0, 5.0), (5.0, 7.0), (4.0, 7.0)]]


@pytest.fixture
def hook() -> Drawing:
    return Drawing.from_polylines(HOOK, label="hook", source="a.ndjson#1")


def test_what_it_holds(hook: Drawing) -> None:
    assert len(hook) == 3
    assert hook.n_points == 6
    assert hook.to_polylines() == HOOK
    assert [stroke.tolist() for stroke in hook] == [[list(p) for p in s] for s in HOOK]
    assert {stroke.dtype for stroke in hook} == {np.dtype(np.float32)}
    assert hook.points.tolist() == [list(p) for s in HOOK for p in s]


def test_measures(hook: Drawing) -> None:
    assert hook.bounds == (0.0, 0.0, 5.0, 7.0)
    assert hook.ink_length == 5 + 0 + 3
    assert Drawing.from_polylines([[(7, 8)], [(9, 6)]]).bounds == (
        7.0,
        6.0,
        9.0,
        8.0,
    )  # the origin does not count


def test_empty() -> None:
    empty = Drawing(())
    assert (len(empty), empty.n_points, empty.bounds, empty.ink_length) == (0, 0, (0, 0, 0, 0), 0)
    assert empty.points.shape == (0, 2)
    assert empty.to_stroke3().shape == (0, 3)
    assert empty.to_polylines() == []
    assert empty.to_quickdraw() == []


def test_nobody_can_change_it(hook: Drawing) -> None:
    with pytest.raises(ValueError, match="read-only"):
        hook.strokes[0][0, 0] = 9
    with pytest.raises(AttributeError):
        hook.label = "other"  # type: ignore[misc]


def test_points_are_copied() -> None:
    mine = np.zeros((2, 2), np.float32)
    drawing = Drawing((mine,))
    mine += 1
    assert drawing.points.tolist() == [[0, 0], [0, 0]]


def test_equality_and_hash(hook: Drawing) -> None:
    same = Drawing.from_polylines(HOOK, label="hook", source="a.ndjson#1")
    assert hook == same
    assert hash(hook) == hash(same)
    assert hook != same.replace(label="eye")
    assert hook != same.replace(source=None)
    assert hook != same.replace(strokes=hook.strokes[:2])
    assert hook != same.replace(strokes=hook.strokes[::-1])
    assert hook != "hook"


def test_negative_zero_is_zero_for_the_hash_too() -> None:
    plus, minus = Drawing.from_polylines([[(0.0, 1.0)]]), Drawing.from_polylines([[(-0.0, 1.0)]])
    assert plus == minus
    assert hash(plus) == hash(minus)


def test_copies_are_equal(hook: Drawing) -> None:
    assert pickle.loads(pickle.dumps(hook)) == hook
    assert copy.deepcopy(hook) == hook


def test_repr_tells_the_facts(hook: Drawing) -> None:
    assert repr(hook) == "<Drawing: 3 strokes, 6 points, label='hook', source='a.ndjson#1'>"
    assert repr(Drawing(())) == "<Drawing: 0 strokes, 0 points>"


@pytest.mark.parametrize(
    "stroke",
    [[], [1, 2], [[1, 2, 3]], [[[1, 2]]], [[np.nan, 0]], [[0, np.inf]], [[1e300, 0]], [["a", "b"]], 5],
)
def test_bad_strokes_are_refused(stroke: Any) -> None:
    with pytest.raises(ValueError):
        Drawing((stroke,))


def test_polylines_without_points_are_left_out() -> None:
    assert len(Drawing.from_polylines([[], [(1, 2)], np.zeros((0, 2))])) == 1


def test_ways_out_and_back(hook: Drawing) -> None:
    back = [
        Drawing.from_stroke3(hook.to_stroke3(), label="hook", source="a.ndjson#1"),
        Drawing.from_stroke5(hook.to_stroke5(), label="hook", source="a.ndjson#1"),
        Drawing.from_stroke5(hook.to_stroke5(20), label="hook", source="a.ndjson#1"),
        Drawing.from_polylines(hook.to_polylines(), label="hook", source="a.ndjson#1"),
        Drawing.from_quickdraw(hook.to_quickdraw(), label="hook", source="a.ndjson#1"),
    ]
    assert back == [hook] * len(back)


def test_origin_of_offsets(hook: Drawing) -> None:
    rows = hook.to_stroke3(origin=(-2, 3))
    assert rows[0].tolist() == [2, -3, 0]
    assert Drawing.from_stroke3(rows, origin=(-2, 3)).to_polylines() == HOOK


def test_svg_and_back(hook: Drawing, tmp_path: Path) -> None:
    file = tmp_path / "hook.svg"
    file.write_text(hook.to_svg(stroke_width=0.5, margin=2), encoding="utf-8")
    assert Drawing.from_svg(file) == hook.replace(source="hook.svg")


def test_a_notebook_shows_it_at_one_size(hook: Drawing) -> None:
    root = ElementTree.fromstring(hook._repr_svg_())
    x, y, width, height = map(float, root.attrib["viewBox"].split())
    assert (x, y) == pytest.approx((-0.35, -0.35))
    assert (width, height) == pytest.approx((5.7, 7.7))
    assert float(root.attrib["height"]) == 256
    assert float(root.attrib["width"]) == pytest.approx(256 * 5.7 / 7.7, abs=0.1)
    group = root[1]
    assert (group.get("stroke"), group.get("fill")) == ("#000", "none")
    assert [child.tag.rpartition("}")[2] for child in group] == ["path"] * 3  # and nothing behind them


def test_a_notebook_shows_nothing_too() -> None:
    root = ElementTree.fromstring(Drawing(())._repr_svg_())
    assert {root.get("width"), root.get("height")} == {"256"}


def test_svg_text_and_back(hook: Drawing) -> None:
    again = Drawing.from_svg_text(hook.to_svg())
    assert again == hook.replace(source=None)
    with pytest.raises(DataError, match=r"^hook.* is damaged"):
        Drawing.from_svg_text("<svg", name="hook.svg")


def test_what_svg_leaves_out_is_counted(tmp_path: Path) -> None:
    text = f"{HEAD}<text>a</text><path d='M0 0h1' stroke='#000'/></svg>"
    (tmp_path / "a.svg").write_text(text)
    from_file, from_text = Skipped(), Skipped()
    Drawing.from_svg(tmp_path / "a.svg", skipped=from_file)
    Drawing.from_svg_text(text, skipped=from_text)
    assert from_file == from_text == {"texts": 1}
