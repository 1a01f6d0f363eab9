from __future__ import annotations

import functools
import zlib
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from limner.corpus.doodles.make import KINDS, LANDING, SIZE, make_doodles
from limner.strokes.geometry import aligned

if TYPE_CHECKING:
    from limner.strokes.drawing import Drawing


@functools.cache
def many() -> tuple[Drawing, ...]:
    return tuple(make_doodles(2000, seed=5))


def of_kind(kind: str) -> list[Drawing]:
    return [drawing for drawing in many() if drawing.label == kind]


def test_kinds_are_in_order_and_more_than_a_dozen() -> None:
    assert list(KINDS) == sorted(set(KINDS))
    assert len(KINDS) >= 12


def test_same_seed_same_drawings() -> None:
    first, again, other = (make_doodles(64, seed=seed) for seed in (3, 3, 4))
    assert first == again
    assert not {d.points.tobytes() for d in first} & {d.points.tobytes() for d in other}


def test_drawings_are_the_same_on_every_platform() -> None:
    """The model that ships with the package learned these; whoever changes a recipe changes this number."""
    rows = np.concatenate([d.to_stroke3() for d in make_doodles(64)]).astype("<i2")
    assert zlib.crc32(rows.tobytes()) == 2492185718


def test_labels_and_sources_tell_where_a_drawing_comes_from() -> None:
    drawings = make_doodles(20, seed=7)
    assert [d.source for d in drawings] == [f"doodles#7-{i}" for i in range(20)]
    assert all(d.label in KINDS for d in drawings)


@pytest.mark.parametrize("n", [0, 1, 5, len(KINDS), 3 * len(KINDS) + 2])
def test_kinds_are_balanced(n: int) -> None:
    counts = Counter(d.label for d in make_doodles(n))
    assert sum(counts.values()) == n
    assert all(counts[kind] in (n // len(KINDS), -(-n // len(KINDS))) for kind in KINDS)


@pytest.mark.slow
def test_kinds_come_in_mixed_order() -> None:
    labels = [d.label for d in many()]
    repeats = np.mean([a == b for a, b in pairwise(labels)])
    assert 0.02 < repeats < 0.12  # one in sixteen by chance; none or nearly all if they came in turn


def test_only_the_kinds_asked_for() -> None:
    counts = Counter(d.label for d in make_doodles(9, kinds=["fish", "cat", "fish"]))
    assert set(counts) == {"cat", "fish"}
    assert set(counts.values()) == {4, 5}


def test_refusals_are_sentences() -> None:
    with pytest.raises(ValueError, match=r"^There is no doodle called 'snial'; the nearest is 'snail'\.$"):
        make_doodles(3, kinds=["fish", "snial"])
    with pytest.raises(ValueError, match="No kind of doodle is given"):
        make_doodles(3, kinds=[])
    with pytest.raises(ValueError, match="n is -1"):
        make_doodles(-1)
    with pytest.raises(ValueError, match="seed is -2"):
        make_doodles(1, seed=-2)


@pytest.mark.slow
def test_coordinates_lie_on_whole_pixels_and_fill_the_sheet() -> None:
    for drawing in many():
        assert (drawing.points == np.round(drawing.points)).all()
        width, height = _size(drawing)
        assert SIZE[0] - 8 <= max(width, height) <= 255
        assert min(width, height) >= 50


def test_the_pen_comes_down_about_the_origin() -> None:
    """And where it does says nothing of the kind."""
    firsts = np.array([drawing.points[0] for drawing in many()])
    labels = np.array([drawing.label for drawing in many()])
    assert np.abs(firsts).max() <= LANDING
    assert (firsts.std(axis=0) > 0.5).all()
    for kind in KINDS:
        assert np.abs(firsts[labels == kind].mean(axis=0)).max() < 1


def test_stroke3_fits_int16_and_comes_back() -> None:
    for drawing in many()[:200]:
        rows = drawing.to_stroke3()
        narrow = rows.astype(np.int16)
        assert (narrow == rows).all()
        back = type(drawing).from_stroke3(narrow, label=drawing.label, source=drawing.source)
        assert back == drawing


def test_drawings_are_short_enough_to_learn() -> None:
    counts = np.array([d.n_points for d in many()])
    assert counts.max() <= 80
    assert 30 <= counts.mean() <= 42
    for kind in KINDS:
        assert 9 <= np.mean([d.n_points for d in of_kind(kind)]) <= 70, kind


def test_the_pen_never_stands_still() -> None:
    for drawing in many():
        for stroke in drawing:
            assert len(stroke) >= 2
            assert np.diff(stroke, axis=0).any(axis=1).all()


def test_most_drawings_are_one_line() -> None:
    strokes = np.array([len(d) for d in many()])
    assert np.mean(strokes == 1) > 0.55
    assert strokes.max() <= 5
    for kind in KINDS:
        main = [max(d, key=lambda stroke: np.abs(np.diff(stroke, axis=0)).sum()) for d in of_kind(kind)]
        assert np.mean([len(m) / d.n_points for m, d in zip(main, of_kind(kind), strict=True)]) > 0.6, kind


def test_an_eye_comes_before_the_body_now_and_then() -> None:
    with_eye = [d for d in of_kind("whale") if len(d) > 1]
    first_is_small = [np.ptp(d.strokes[0], axis=0).max() < 40 for d in with_eye]
    assert 0 < np.mean(first_is_small) < 0.5


def test_no_two_drawings_are_alike() -> None:
    assert len({d.points.tobytes() + bytes(map(len, d)) for d in many()}) == len(many())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_varies(kind: str) -> None:
    drawings = of_kind(kind)
    shape = np.array([np.divide(*_size(d)) for d in drawings])
    start = np.array([aligned(d).points[0] for d in drawings])
    assert np.std(shape) / np.mean(shape) > 0.04
    assert (np.std(start, axis=0) > 3).all()
    assert len({d.n_points for d in drawings}) >= 4


@pytest.mark.parametrize("kind", ["bird", "boat", "fish", "snail", "whale"])
def test_some_look_the_other_way(kind: str) -> None:
    turning = [_signed_area(d.strokes[np.argmax([len(s) for s in d])]) > 0 for d in of_kind(kind)]
    assert 0.1 < min(np.mean(turning), 1 - np.mean(turning)) < 0.5


@pytest.mark.slow
def test_kinds_can_be_told_apart() -> None:
    """Most drawings are nearest to the average picture of their own kind, on a 16 by 16 grid."""
    pictures = np.array([_picture(d) for d in many()])
    labels = np.array([KINDS.index(d.label or "") for d in many()])
    known, asked = slice(0, 1000), slice(1000, None)
    means = np.array([pictures[known][labels[known] == k].mean(axis=0) for k in range(len(KINDS))])
    guesses = ((pictures[asked][:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
    assert np.mean(guesses == labels[asked]) > 0.7


def _size(drawing: Drawing) -> tuple[float, float]:
    x_min, y_min, x_max, y_max = drawing.bounds
    return x_max - x_min, y_max - y_min


def _signed_area(stroke: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> float:
    x, y = stroke.astype(np.float64).T
    return float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum())


def _picture(drawing: Drawing) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Ink on a grid of 16 by 16 cells, the drawing centred."""
    parts = [np.linspace(a, b, 12) for s in aligned(drawing) for a, b in pairwise(s)]
    points = np.concatenate(parts)
    x, y = ((points + (255 - np.array(_size(drawing))) / 2) / 16).astype(int).T
    return np.sqrt(np.bincount(y * 16 + x, minlength=256) / len(points))
