"""Networks that are told what to draw.

Letters: ``B`` batch, ``Z`` latent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pytest
import torch

from limner.models.batch import Batch, pad_batch
from limner.models.build import build_model
from limner.models.config import (
    DecoderConfig,
    EncoderConfig,
    Kind,
    ModelConfig,
    SketchformerConfig,
    TransformerConfig,
)
from limner.models.protocol import SketchModel

Z, LABELS = 4, (2, 0, 1, 2)
EVERY = pytest.mark.parametrize("kind", get_args(Kind))
BOTH = pytest.mark.parametrize("conditional", [True, False])


def _network(kind: Kind, conditional: bool, classes: int = 3) -> SketchModel:
    torch.manual_seed(0)
    layers: dict[str, Any] = {"layers": 1, "width": 8, "heads": 2, "feedforward": 8, "dropout": 0}
    config = ModelConfig(
        kind=kind,
        conditional=conditional,
        latent_size=Z,
        classes=classes,
        class_size=3,
        encoder=EncoderConfig(size=8),
        decoder=DecoderConfig(size=12, components=2),
        transformer=TransformerConfig(components=2, **layers),
        sketchformer=SketchformerConfig(components=2, memory=2, **layers),
    )
    network = build_model(config)
    for parameter in network.parameters():  # the latent layers begin almost at zero
        torch.nn.init.normal_(parameter, std=0.3)
    return network.eval()


def _batch(labels: tuple[int, ...] | None = LABELS) -> Batch:
    rng = np.random.default_rng(0)
    drawings = [np.column_stack([rng.normal(size=(n, 2)), rng.random(n) < 0.3]) for n in (9, 4, 1, 6)]
    return pad_batch([rows.astype(np.float32) for rows in drawings], length=10, labels=labels)


@EVERY
@BOTH
def test_the_class_changes_every_output(kind: Kind, conditional: bool) -> None:
    network = _network(kind, conditional)
    one, other = (network(_batch(labels)).mixture.mu_x for labels in (LABELS, (0, 1, 2, 2)))
    assert (one[:3] != other[:3]).any(-1).all()
    assert torch.equal(one[3], other[3])


@EVERY
@BOTH
def test_steps_agree_with_teacher_forcing(kind: Kind, conditional: bool) -> None:
    network, batch = _network(kind, conditional), _batch()
    prediction = network(batch)
    state = network.begin(4, prediction.latent.mu if conditional else None, torch.tensor(LABELS))
    for t, point in enumerate(batch.inputs.unbind(1)):
        mixture, state = network.step(point, state)
        torch.testing.assert_close(mixture.mu_x, prediction.mixture.mu_x[:, t], rtol=0, atol=2e-5)


@EVERY
@BOTH
def test_without_a_class_the_first_is_drawn(kind: Kind, conditional: bool) -> None:
    network = _network(kind, conditional)
    assert torch.equal(network(_batch(None)).mixture.mu_x, network(_batch((0, 0, 0, 0))).mixture.mu_x)


@EVERY
def test_labels_of_the_corpus_are_no_matter_to_a_network_without_classes(kind: Kind) -> None:
    network = _network(kind, True, classes=0)
    assert torch.equal(network(_batch()).mixture.mu_x, network(_batch(None)).mixture.mu_x)
    with pytest.raises(ValueError, match="told no classes"):
        network.begin(1, labels=torch.tensor([0]))


@EVERY
@pytest.mark.parametrize("labels", [[3], [-1], [0, 1]])
def test_classes_that_are_not_there_are_refused(kind: Kind, labels: list[int]) -> None:
    with pytest.raises(ValueError, match="labels must be 1 numbers from 0 to 2"):
        _network(kind, False).begin(1, labels=torch.tensor(labels))


def test_labels_go_with_a_batch_to_its_device() -> None:
    batch = _batch()
    assert batch.labels is not None
    assert batch.labels.tolist() == list(LABELS)
    moved = batch.to("cpu")
    assert moved.labels is not None
    assert torch.equal(moved.labels, batch.labels)
    assert moved.whole == batch.whole


def test_a_negative_number_of_classes_is_refused() -> None:
    with pytest.raises(ValueError, match=r"model\.classes must be at least 0"):
        replace(ModelConfig(), classes=-1)
