"""Padding drawings to a batch."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_np
from numpy.typing import NDArray

from limner.models.batch import ROUND_ROWS, Batch, pad_batch

Rows = NDArray[np.float32]


@st.composite
def drawings(draw: st.DrawFn) -> list[Rows]:
    lengths = draw(st.lists(st.integers(0, 20), min_size=1, max_size=5))
    made = []
    for n in lengths:
        rows = draw(st_np.arrays(np.float32, (n, 3), elements=st.integers(-500, 500)))
        rows[:, 2] = rows[:, 2] > 0
        made.append(rows)
    return made


def _looped(many: list[Rows], scale_factor: float, length: int) -> list[list[list[float]]]:
    batch = []
    for rows in many:
        padded = [[0.0, 0.0, 1.0, 0.0, 0.0]]
        for dx, dy, lift in rows:
            padded.append([float(dx / scale_factor), float(dy / scale_factor), 1.0 - lift, float(lift), 0.0])
        while len(padded) < length + 1:
            padded.append([0.0, 0.0, 0.0, 0.0, 1.0])
        batch.append(padded)
    return batch


@settings(max_examples=50, deadline=None)
@given(drawings(), st.sampled_from([1.0, 4.0, 0.5]), st.integers(0, 9))
def test_equals_a_loop(many: list[Rows], scale_factor: float, spare: int) -> None:
    length = max(len(rows) for rows in many) + spare
    batch = pad_batch(many, scale_factor, length)
    assert torch.equal(batch.strokes, torch.tensor(_looped(many, scale_factor, length)))
    assert batch.lengths.tolist() == [len(rows) for rows in many]
    assert len(batch) == len(many)


@settings(max_examples=30, deadline=None)
@given(drawings())
def test_length_of_its_own(many: list[Rows]) -> None:
    """Room for one end row behind the longest drawing, in eights."""
    batch, longest = pad_batch(many), max(len(rows) for rows in many)
    width = batch.targets.shape[1]
    assert longest < width <= longest + ROUND_ROWS
    assert width % ROUND_ROWS == 0
    assert (batch.targets[torch.arange(len(many)), batch.lengths, 4] == 1).all()


def test_inputs_are_targets_one_row_later() -> None:
    batch = pad_batch([np.array([[1, 2, 0], [3, 4, 1]], np.float32)])
    assert torch.equal(batch.inputs[:, 1:], batch.targets[:, :-1])
    assert batch.inputs[0, 0].tolist() == [0, 0, 1, 0, 0]
    assert batch.targets[0, :3].tolist() == [[1, 2, 1, 0, 0], [3, 4, 0, 1, 0], [0, 0, 0, 0, 1]]


def test_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match=r"9 points does not fit into 8 rows"):
        pad_batch([np.zeros((9, 3), np.float32)], length=8)


def test_source_rows_stay() -> None:
    rows = [np.ones((n + 1, 3), np.float32) for n in range(3)]
    for array in rows:
        array.setflags(write=False)
    pad_batch(rows, 2.0)
    assert all((array == 1).all() for array in rows)


def test_to_device() -> None:
    batch = pad_batch([np.zeros((1, 3), np.float32)]).to("cpu")
    assert isinstance(batch, Batch)
    assert batch.strokes.device.type == "cpu"
