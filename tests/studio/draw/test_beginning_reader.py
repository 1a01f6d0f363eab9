"""A beginning is read once: what was read before is not read again, and the state is the same."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from limner.models.build import build_model
from limner.models.config import DecoderConfig, ModelConfig
from limner.models.protocol import SketchModel
from limner.sampling.complete import prime
from limner.sampling.config import SamplingConfig
from limner.studio.draw import beginning_reader
from limner.studio.draw.beginning_reader import BeginningReader

CONFIG = SamplingConfig()
ROWS = np.random.default_rng(0).normal(size=(12, 3)).astype(np.float32)
ROWS[:, 2] = 0


@pytest.fixture(scope="module")
def network() -> SketchModel:
    torch.manual_seed(0)
    config = ModelConfig(conditional=False, classes=3, decoder=DecoderConfig(size=8))
    return build_model(config).eval()


def _check(network: SketchModel, reader: BeginningReader, rows: NDArray[np.float32], label: int = 1) -> None:
    read = reader.read(network, rows, label, CONFIG)
    assert read is not None
    state, point = prime(network, rows, None, CONFIG, torch.tensor([label]))
    torch.testing.assert_close(read[1], point)
    for name, value in state.items():
        torch.testing.assert_close(read[0][name], value)


def test_a_drawing_that_grows_is_read_from_where_it_changed(network: SketchModel) -> None:
    reader = BeginningReader()
    _check(network, reader, ROWS[:5])
    assert reader.steps == 5
    _check(network, reader, ROWS[:9])
    assert reader.steps == 9
    changed = ROWS.copy()
    changed[7:] += 1  # as simplification moves the end of a stroke
    _check(network, reader, changed)
    assert reader.steps == 13
    _check(network, reader, changed)
    assert reader.steps == 13


def test_a_part_of_what_was_read(network: SketchModel) -> None:
    """As after an undo."""
    reader = BeginningReader()
    _check(network, reader, ROWS)
    _check(network, reader, ROWS[:4])
    assert reader.steps == len(ROWS)


def test_another_class_is_read_anew(network: SketchModel) -> None:
    reader = BeginningReader()
    _check(network, reader, ROWS)
    _check(network, reader, ROWS, label=2)
    assert reader.steps == 2 * len(ROWS)


def test_states_are_forgotten(network: SketchModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beginning_reader, "MOST_BYTES", 3 * 4 * (8 + 8 + network.config.class_size))
    reader = BeginningReader()
    _check(network, reader, ROWS)
    assert len(reader._states) == 3
    _check(network, reader, ROWS[:2])  # none of its states is left
    assert reader.steps == len(ROWS) + 2


def test_a_long_beginning_is_left_to_the_session(
    network: SketchModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beginning_reader, "MOST_NEW", 10)
    reader = BeginningReader()
    assert reader.read(network, ROWS, 1, CONFIG) is None
    _check(network, reader, ROWS[:8])
    _check(network, reader, ROWS)  # most of it is known


def test_no_points_at_all(network: SketchModel) -> None:
    reader = BeginningReader()
    read = reader.read(network, ROWS[:0], 0, CONFIG)
    assert read is not None
    assert read[1].tolist() == [[0, 0, 1, 0, 0]]
