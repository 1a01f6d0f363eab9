"""From a page's ink to a task: size, place, simplification, classes and latents."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from tests.studio.conftest import circle

from limner.errors import LimnerError
from limner.sampling.config import SamplingConfig
from limner.strokes.drawing import Drawing
from limner.studio.draw.turn import TYPICAL_SIZE, UNIT_STEP, TurnRequest, task_for
from limner.studio.limits import Limits
from limner.studio.model_library import ModelLibrary


def request(*strokes: Any, **changes: Any) -> TurnRequest:
    values = {
        "ink": Drawing.from_polylines(strokes),
        "page": 1000.0,
        "futures": 3,
        "seed": 1,
        "sampling_config": SamplingConfig(),
        "pace": 40.0,
        "label": None,
        "lift": True,
        "new_points": 2000,
    }
    return TurnRequest(**{**values, **changes})


def test_ink_is_simplified_and_rescaled(library: ModelLibrary) -> None:
    loaded = library["doodles"]
    task = task_for(loaded, request(circle(200, 80.0)), Limits())
    card = loaded.model.card
    assert 5 < len(task.rows) < 40
    size = np.ptp(np.cumsum(task.rows[:, :2], axis=0), axis=0).max() * task.unit
    assert size == pytest.approx(160, rel=0.05)
    assert task.unit == pytest.approx(TYPICAL_SIZE * 1000 / card.extent * card.scale_factor)
    assert task.origin == pytest.approx(circle(200, 80.0)[-1], abs=0.01)  # the pen is there


def test_ink_larger_than_the_page_makes_the_model_draw_larger(library: ModelLibrary) -> None:
    loaded = library["doodles"]
    small, large = (task_for(loaded, request(circle(60, r)), Limits()) for r in (200.0, 2000.0))
    filled = 4000 / loaded.model.card.extent * loaded.model.card.scale_factor
    assert 0.99 * filled <= large.unit <= UNIT_STEP * filled
    assert large.unit > 5 * small.unit


def test_an_empty_page_begins_in_the_middle(library: ModelLibrary) -> None:
    task = task_for(library["doodles"], request(), Limits())
    assert (task.rows.shape, task.origin) == ((0, 3), (0.0, 0.0))
    assert task.z is not None
    assert not torch.equal(task.z[0], task.z[1])  # three different drawings


def test_a_stroke_may_go_on(library: ModelLibrary) -> None:
    ends = [
        task_for(library["doodles"], request(circle(), lift=lift), Limits()).rows[-1, 2]
        for lift in (True, False)
    ]
    assert ends == [1, 0]


@pytest.mark.slow
def test_a_class_gives_latents_of_remembered_drawings(library: ModelLibrary) -> None:
    loaded = library["doodles"]
    z, labels = loaded.conditioning_for("cat", 20, torch.Generator().manual_seed(0))
    assert labels is None
    assert z is not None
    assert z.shape == (20, loaded.model.card.config.latent_size)
    assert len(np.unique(z.numpy(), axis=0)) > 5
    with pytest.raises(LimnerError, match="cannot be asked for 'catt'; did you mean 'cat'"):
        loaded.conditioning_for("catt", 1, torch.Generator())


def test_points_are_bounded(library: ModelLibrary) -> None:
    n_max = library["doodles"].model.card.n_max
    assert task_for(library["doodles"], request(circle()), Limits()).new_points < n_max
    assert task_for(library["doodles"], request(circle(), new_points=4), Limits()).new_points == 4
    scribble = np.random.default_rng(0).uniform(-400, 400, (500, 2))
    assert task_for(library["doodles"], request(scribble), Limits()).new_points == n_max // 3


def test_unknown_models_are_named(library: ModelLibrary) -> None:
    with pytest.raises(LimnerError, match="no model 'doodle' here; did you mean 'doodles'"):
        library["doodle"]
