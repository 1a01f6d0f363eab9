from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from limner.corpus.doodles.make import make_doodles
from limner.strokes.drawing import Drawing
from limner.strokes.fingerprint import shape_hashes, shape_signatures
from limner.strokes.geometry import resampled, scaled, translated
from limner.strokes.packed import PackedStrokes


def exact(*drawings: Drawing) -> list[int]:
    return [int(value) for value in shape_hashes(PackedStrokes.from_drawings(drawings))]


def places(*drawings: Drawing) -> NDArray[np.int16]:
    return shape_signatures(PackedStrokes.from_drawings(drawings)).astype(np.int16)


def test_the_place_of_a_drawing_does_not_matter_its_points_do() -> None:
    drawing = Drawing.from_polylines([[(0, 0), (3, 4)], [(5, 5), (6, 6), (7, 5)]])
    points = [[(0, 0), (3, 4)], [(5, 5), (6, 6), (7, 6)]]
    lifts = [[(0, 0), (3, 4), (5, 5)], [(6, 6), (7, 5)]]
    one, moved, other, lifted = exact(
        drawing, translated(drawing, 40, -2), Drawing.from_polylines(points), Drawing.from_polylines(lifts)
    )
    assert one == moved
    assert len({one, other, lifted}) == 3


def test_order_matters() -> None:
    forth, back = (Drawing.from_polylines([[(0, 0), (a, 0), (3, 0)]]) for a in (1, 2))
    assert exact(forth) != exact(back)


def test_neighbours_do_not_matter() -> None:
    drawings = make_doodles(20, seed=3)
    alone = [exact(drawing)[0] for drawing in drawings]
    assert exact(*drawings) == alone
    np.testing.assert_array_equal(places(*drawings), np.concatenate([places(d) for d in drawings]))
    assert len(set(alone)) == 20


def test_sketches_know_a_shape_at_any_size_and_fineness() -> None:
    drawings = make_doodles(60, seed=4)
    first = places(*drawings)
    changed = places(*(translated(scaled(resampled(d, 2.0), 3.7), 50, 9) for d in drawings))
    apart = np.abs(first[:, None] - changed[None]).reshape(60, 60, -1, 2).max(axis=3)
    apart = np.sort(apart, axis=2)[..., -3]  # all but two places are nearer
    assert (apart.argmin(axis=1) == np.arange(60)).all()
    assert np.diag(apart).max() < np.median(apart) / 4


def test_dots_and_nothing() -> None:
    assert places(Drawing.from_polylines([[(4, 4)]])).tolist() == [[128, 128] * 16]
    assert places(Drawing(())).shape == (1, 32)
    assert places().shape == (0, 32)
    assert exact(Drawing(())) == [0]
