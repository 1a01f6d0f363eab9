"""Groups of figures: what they hold, and where they do not apply."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from tests.evaluation.protocol.stand_in import Counting
from tests.evaluation.toys import toy_corpus

from limner.corpus.corpus import Corpus, Split
from limner.evaluation.context import EvaluationContext, Wish
from limner.evaluation.metrics import GROUPS, generation, latents, measured, reconstruction
from limner.models.build import build_model
from limner.models.config import DecoderConfig, ModelConfig
from limner.models.weights import Card
from limner.sampling.model import Model, load_model


@pytest.fixture(scope="module")
def subject() -> EvaluationContext:
    wish = Wish(samples=30, seeds=2, redrawn=20)
    return EvaluationContext(load_model("doodles"), toy_corpus(), "test", Counting(), wish)


def _bare(n: int = 40) -> EvaluationContext:
    """Give a decoder alone on drawings without labels, all of one split."""
    config = ModelConfig(conditional=False, decoder=DecoderConfig(size=8, components=2))
    card = Card(config, 20.0, 12, 200.0, (0.0, 0.0), 30.0, 1.0)
    chance = np.random.default_rng(0)
    rows = [np.column_stack([chance.normal(size=(9, 2)) * 9, np.eye(9)[8]]) for _ in range(n)]
    split = Split.from_arrays([one.astype(np.float32) for one in rows])
    torch.manual_seed(0)
    return EvaluationContext(
        Model(build_model(config).eval(), card),
        Corpus({"train": split}),
        "train",
        Counting(),
        Wish(samples=20),
    )


def test_reconstruction(subject: EvaluationContext) -> None:
    found = reconstruction(subject)
    assert found is not None
    low, high = found["chamfer_interval"]
    assert 0 < low <= found["chamfer"] <= high < found["chamfer_of_others"]
    assert found["recognised"] > 0.5
    assert found["n"] == len(subject.originals)


def test_generation(subject: EvaluationContext) -> None:
    found = generation(subject)
    assert found is not None
    assert (found["protocol"], found["seeds"], found["set_size"]) == ("counting", 2, 30)
    assert found["fid"] > found["floor"]["fid"] > 0
    assert found["deviation"]["fid"] > 0
    assert set(found["structure"]["samples"]) == set(found["structure"]["training"])
    assert found["structure"]["training"]["points"] < 0.5
    assert "recognised" not in found  # the model is not told classes, so that nobody knows what was meant


def test_samples_of_one_class_are_judged() -> None:
    corpus = toy_corpus()
    subject = EvaluationContext(load_model("doodles"), corpus, "test", Counting(), Wish(samples=30))
    one = subject.real[0].label
    assert one is not None
    subject.real[:] = [drawing for drawing in subject.real if drawing.label == one] * 20
    subject.__dict__["labels"] = {one, "house"}
    subject.__dict__["samples"] = [[drawing.replace(label=one) for drawing in subject.samples[0]]]
    found = generation(subject)
    assert found is not None
    assert found["recognised"] < found["recognised_real"]
    assert found["judge"].startswith("a logistic regression")


def test_novelty(subject: EvaluationContext) -> None:
    found = subject.novelty
    assert found is not None
    assert len(found.nearest) == len(subject.samples[0])
    assert measured(subject, ("novelty",))["novelty"] == {"nearness": found.nearness, "copies": found.copies}


def test_latents(subject: EvaluationContext) -> None:
    found = latents(subject)
    assert found is not None
    assert 1 <= found["latent_active"] <= found["latent_size"] == subject.model.card.config.latent_size


def test_what_does_not_apply_is_left_out() -> None:
    """No encoder, no other split than that of the training."""
    assert set(measured(_bare(), tuple(GROUPS))) == {"generation"}
    assert "training" not in measured(_bare(), ("generation",))["generation"]["structure"]
    assert measured(_bare(5), tuple(GROUPS)) == {}


def test_figures_are_plain(subject: EvaluationContext) -> None:
    def check(value: Any) -> None:
        if isinstance(value, dict):
            assert all(isinstance(key, str) for key in value)
            value = list(value.values())
        if isinstance(value, list):
            for part in value:
                check(part)
        else:
            assert type(value) in {int, float, str}

    check(measured(subject, tuple(GROUPS)))
