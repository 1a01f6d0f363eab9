from __future__ import annotations

import numpy as np
import pytest
from tests.recipes.kit import batch_of, doodles, lines, stepped

from limner.recipes.steps.geometry import OriginStep, QuantiseStep, ResampleStep, RescaleStep, SimplifyStep
from limner.strokes.simplify import simplify_strokes

PAGE = [[(10.0, 20.0), (30.0, 20.0), (30.0, 60.0)], [(15.0, 30.0)]]


def test_rescale_fills_a_box_from_the_origin() -> None:
    done = stepped(RescaleStep(box=80), batch_of(PAGE, [[(7.0, 7.0)]]))
    assert lines(done.drawings[0]) == [[(0, 0), (40, 0), (40, 80)], [(10, 20)]]
    assert lines(done.drawings[1]) == [[(0, 0)]]


@pytest.mark.parametrize(
    ("at", "first"), [("first-point", (0, 0)), ("corner", (0, 0)), ("centre", (-10, -20))]
)
def test_origin(at: str, first: tuple[float, float]) -> None:
    assert lines(stepped(OriginStep(at=at), batch_of(PAGE)).drawings[0])[0][0] == first  # type: ignore[arg-type]


def test_the_first_point_is_the_origin_of_the_rows() -> None:
    rows = stepped(OriginStep(), doodles(9)).state.to_batch().drawings
    assert (rows.rows[rows.offsets[:-1], :2] == 0).all()


@pytest.mark.parametrize("distance", ["line", "segment"])
def test_simplify_is_that_of_strokes(distance: str) -> None:
    batch = doodles(12)
    done = stepped(SimplifyStep(epsilon=3.0, distance=distance), batch)  # type: ignore[arg-type]
    for i, drawing in enumerate(done.drawings):
        before = stepped(SimplifyStep(epsilon=0), batch.take([i])).drawings[0]
        expected = simplify_strokes(before.strokes, 3.0, distance=distance)  # type: ignore[arg-type]
        assert [len(stroke) for stroke in drawing] == [len(stroke) for stroke in expected]
    assert sum(d.n_points for d in done.drawings) < batch.drawings.offsets[-1]


def test_resample() -> None:
    line = batch_of([[(0.0, 0.0), (5.0, 0.0)]])
    even = stepped(ResampleStep(spacing=2.0), line).drawings[0]
    rest = stepped(ResampleStep(spacing=2.0, ends="rest"), line).drawings[0]
    np.testing.assert_allclose(even.points[:, 0], [0, 2.5, 5])
    np.testing.assert_allclose(rest.points[:, 0], [0, 2, 4, 5])


def test_quantise() -> None:
    line = batch_of([[(0.2, 0.0), (0.4, 0.1), (3.6, 0.0), (3.7, 0.0)], [(3.6, 0.0), (3.6, 0.0)]])
    assert lines(stepped(QuantiseStep(), line).drawings[0])[0] == [(0, 0), (0, 0), (4, 0), (4, 0)]
    dropped = stepped(QuantiseStep(repeats="drop"), line).drawings[0]
    assert lines(dropped) == [[(0, 0), (4, 0)], [(4, 0)]]
    assert lines(stepped(QuantiseStep(unit=0.5), line).drawings[0])[0][1] == (0.5, 0)


def test_wrong_settings_are_refused() -> None:
    for make in (
        lambda: RescaleStep(box=0),
        lambda: SimplifyStep(epsilon=-1),
        lambda: SimplifyStep(walk=-1),
        lambda: ResampleStep(spacing=0),
        lambda: QuantiseStep(unit=-2),
    ):
        with pytest.raises(ValueError, match="must be"):
            make()
