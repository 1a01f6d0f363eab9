"""Continuations show something, whatever the network thinks of the beginning."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from limner.models.build import build_model
from limner.models.config import DecoderConfig, ModelConfig
from limner.models.weights import Card
from limner.sampling.config import SamplingConfig
from limner.sampling.continuations import FINISHED, VISIBLE_SHARE, continuations, visible_length
from limner.sampling.model import Model
from limner.strokes.drawing import Drawing

BEGINNING = Drawing((np.array([[0, 0], [40, 5], [80, 60]], np.float32),))
EXTENT, SCALE = 100.0, 10.0


def _model(end_bias: float, step_bias: float = 0.5) -> Model:
    """Return an untrained decoder whose inclination to end, and size of steps, are set by hand."""
    torch.manual_seed(0)
    config = ModelConfig(conditional=False, decoder=DecoderConfig(size=8, components=1))
    network = build_model(config).eval()
    bias = network.get_parameter("decoder.output.bias")
    with torch.no_grad():
        bias.zero_()
        bias[2] = end_bias
        bias[4:6] = step_bias
        bias[6:8] = -5.0
    card = Card(config, SCALE, 40, EXTENT, start=(0.0, 0.0), start_reach=1.0, tolerance=0.0)
    return Model(network, card)


def _length(drawing: Drawing) -> float:
    return sum(float(np.hypot(*np.diff(stroke, axis=0).T).sum()) for stroke in drawing)


def test_a_model_that_would_end_at_once_goes_on() -> None:
    model = _model(end_bias=9.0)
    assert all(d == BEGINNING for d in model.complete(BEGINNING, 4))  # what it does by itself
    made = continuations(model, BEGINNING, 4, seed=3)
    assert len(made.drawings) == 4
    least = VISIBLE_SHARE * EXTENT
    assert all(_length(d) - _length(BEGINNING) >= least for d in made.drawings)
    assert all(d.strokes[0].tolist() == BEGINNING.strokes[0].tolist() for d in made.drawings)
    assert made.end_probability > 0.99
    assert made.finished


def test_where_it_does_not_end_nothing_changes() -> None:
    model = _model(end_bias=-9.0)
    made = continuations(model, BEGINNING, 3, seed=5, sampling_config=SamplingConfig(0.5))
    assert made.drawings == model.complete(BEGINNING, 3, seed=5, sampling_config=SamplingConfig(0.5))
    assert made.end_probability < FINISHED
    assert not made.finished


def test_it_gives_up_where_nothing_can_be_seen() -> None:
    """With one new point at most there is no line."""
    made = continuations(_model(end_bias=0.0), BEGINNING, 2, max_points=1)
    assert [d.n_points for d in made.drawings] == [4, 4]


def test_the_same_seed_continues_the_same() -> None:
    model = _model(end_bias=3.0)
    assert continuations(model, BEGINNING, 3, seed=1) == continuations(model, BEGINNING, 3, seed=1)


@pytest.mark.parametrize("scale", [0.01, 100.0])
def test_what_can_be_seen_follows_the_drawings_size(scale: float) -> None:
    model = _model(end_bias=9.0)
    small = BEGINNING.replace(strokes=tuple(stroke * np.float32(scale) for stroke in BEGINNING))
    made = continuations(model, small, 2)
    assert all(_length(d) > _length(small) for d in made.drawings)
    assert visible_length(model.card) == pytest.approx(VISIBLE_SHARE * EXTENT / SCALE)
