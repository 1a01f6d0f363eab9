"""Drawings beside weights: read as they were written, and damaged ones are refused."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from limner.errors import DataError
from limner.models.build import build_model
from limner.models.config import DecoderConfig, ModelConfig
from limner.models.remembered import MOST_DRAWINGS, RememberedDrawings, evenly, remembered_in
from limner.models.weights import Card, load_weights, load_with_memory, save_weights

ROWS = [np.array([[0.5, 0, 0], [1, -1, 1]], np.float32), np.array([[2, 0.25, 1]], np.float32)]
CONFIG = ModelConfig(conditional=False, classes=3, class_size=4, decoder=DecoderConfig(size=8, components=2))
CARD = Card(CONFIG, 20.0, 40, 200.0, (0.0, 0.0), 30.0, 1.0, ("mine", "anything", "cat"), own_classes=1)


def tensors(**changes: Any) -> dict[str, torch.Tensor]:
    arrays = {name: torch.from_numpy(v) for name, v in RememberedDrawings(ROWS, [0, 2]).arrays.items()}
    return arrays | {f"remembered.{name}": torch.as_tensor(value) for name, value in changes.items()}


def test_they_are_read_as_they_were_written(tmp_path: Path) -> None:
    network, path = build_model(CONFIG), tmp_path / "model.safetensors"
    save_weights(network, CARD, path, remembered=RememberedDrawings(ROWS, [0, 2]))
    found, card, remembered = load_with_memory(path)
    assert remembered is not None
    assert card == CARD
    assert [row.tolist() for row in remembered.rows] == [row.tolist() for row in ROWS]
    assert list(remembered.labels) == [0, 2]
    assert (
        found.state_dict().keys() == load_weights(path)[0].state_dict().keys() == network.state_dict().keys()
    )


def test_a_file_without_them(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    save_weights(build_model(CONFIG), CARD, path)
    assert load_with_memory(path)[2] is None


@pytest.mark.parametrize(
    "changes",
    [
        {"rows": torch.zeros(3, 2)},
        {"rows": torch.full((3, 3), torch.nan)},
        {"rows": torch.full((3, 3), 1e9)},
        {"lengths": torch.tensor([2, 2])},
        {"lengths": torch.tensor([3, 0])},
        {"lengths": torch.tensor([2.0, 1.0])},
        {"lengths": torch.tensor([[2, 1]])},
        {"lengths": torch.tensor([2**62, 1])},
        {"labels": torch.tensor([0, 3])},
        {"labels": torch.tensor([0, -1])},
        {"labels": torch.tensor([0])},
    ],
    ids=str,
)
def test_damaged_ones_are_refused(changes: dict[str, torch.Tensor]) -> None:
    with pytest.raises(DataError, match="hand remembers drawings that are damaged"):
        remembered_in(tensors(**changes), 3, "hand")


def test_a_part_is_missing() -> None:
    parts = tensors()
    del parts["remembered.labels"]
    with pytest.raises(DataError, match="damaged"):
        remembered_in(parts, 3, "hand")


@pytest.mark.parametrize("n", [1, 299, 300, 301, 1000, 12_345])
def test_at_most_so_many_at_equal_distances(n: int) -> None:
    kept = evenly(n)
    assert len(kept) == len(set(kept)) <= MOST_DRAWINGS
    assert kept[0] == 0
    assert kept[-1] < n
    assert len({b - a for a, b in pairwise(kept)}) <= 1
