"""Classes and neighbours of a split."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from limner.corpus.corpus import Split
from limner.corpus.doodles.make import make_doodles
from limner.evaluation import recognition as recognition_module
from limner.evaluation.recognition import Recognition, recognition
from limner.models.build import build_model
from limner.models.config import ModelConfig, SketchformerConfig
from limner.models.weights import Card
from limner.sampling.model import Model

NAMES = ("cat", "fish", "house")
OWN = SketchformerConfig(
    layers=1, width=16, heads=2, feedforward=16, components=2, memory=2, num_classes_recognized=3
)


def _model(conditional: bool = True, **settings: Any) -> Model:
    torch.manual_seed(0)
    config = ModelConfig(
        kind="sketchformer",
        conditional=conditional,
        latent_size=8,
        sketchformer=replace(OWN, **settings),
    )
    card = Card(config, 20.0, 60, 200.0, (0.0, 0.0), 30.0, 1.0, NAMES)
    return Model(build_model(config).eval(), card)


@pytest.fixture(scope="module")
def split() -> Split:
    drawings = make_doodles(30, seed=3, kinds=NAMES)
    return Split.from_arrays(
        [d.to_stroke3() for d in drawings], [NAMES.index(str(d.label)) for d in drawings]
    )


def _one_hot(model: Model, split: Split) -> None:
    """Let the network's z be the class, whatever the drawing, in the order of its batches."""
    order = iter(np.argsort(split.lengths, kind="stable").tolist())
    encode = model.network.encode

    def told(batch: Any) -> Any:
        latent = encode(batch)
        labels = torch.tensor([int(split.labels[next(order)]) for _ in range(len(batch))])
        return latent._replace(mu=torch.nn.functional.one_hot(labels, 8).float())

    model.network.encode = told  # type: ignore[method-assign]
    model.network.class_logits = lambda z: z[:, :3]  # type: ignore[method-assign]


def test_a_network_that_knows_everything(split: Split) -> None:
    """Labels stay with their drawings, which batches sort by length."""
    model = _model()
    _one_hot(model, split)
    assert recognition(model, split, batch_size=7) == Recognition(1.0, 1.0, 1.0)


def test_a_network_that_guesses(split: Split) -> None:
    found = recognition(_model(), split)
    assert found is not None
    assert found.class_top5 == 1  # of three classes
    assert found.class_top1 is not None
    assert 0 <= found.class_top1 < 0.9
    assert found.retrieval_map is not None
    assert 0.25 < found.retrieval_map < 0.9


def test_a_network_that_tells_no_classes_apart_finds_neighbours(split: Split) -> None:
    found = recognition(_model(num_classes_recognized=0), split)
    assert found is not None
    assert found.class_top1 is None
    assert found.retrieval_map is not None


def test_what_is_not_measured(split: Split) -> None:
    assert recognition(_model(conditional=False), split) is None
    assert recognition(_model(), split.relabelled(NAMES, ("cat",))) is None
    found = recognition(_model(), split.take([int(np.flatnonzero(split.labels == k)[0]) for k in range(3)]))
    assert found is not None
    assert found.retrieval_map is None


def test_large_splits_are_thinned(split: Split, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    model = _model()
    encode = model.network.encode

    def counted(batch: Any) -> Any:
        sizes.append(len(batch))
        return encode(batch)

    monkeypatch.setattr(model.network, "encode", counted)
    monkeypatch.setattr(recognition_module, "MOST_COMPARED", 10)
    recognition(model, split)
    assert sum(sizes) == 10
