"""Groups of figures: what they hold, and where they do not apply."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tests.docs import python_blocks
from tests.evaluation.protocol.stand_in import Counting
from tests.evaluation.toys import toy_corpus
from tests.plugins import installed, read_again

from limner.corpus.corpus import Corpus, Split
from limner.errors import LimnerError
from limner.evaluation.context import EvaluationContext, EvaluationSettings
from limner.evaluation.metrics import METRICS, generation, latents, measure, reconstruction
from limner.evaluation.report import added_labels
from limner.models.build import build_model
from limner.models.config import DecoderConfig, ModelConfig
from limner.models.weights import Card
from limner.sampling.model import Model, load_model


@pytest.fixture(scope="module")
def context() -> EvaluationContext:
    settings = EvaluationSettings(samples=30, seeds=2, reconstructions=20)
    return EvaluationContext(load_model("doodles"), toy_corpus(), "test", Counting(), settings)


def _bare(n: int = 40) -> EvaluationContext:
    """Return a decoder alone on drawings without labels, all of one split."""
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
        EvaluationSettings(samples=20),
    )


@pytest.mark.slow
def test_reconstruction(context: EvaluationContext) -> None:
    found = reconstruction(context)
    assert found is not None
    low, high = found["chamfer_interval"]
    assert 0 < low <= found["chamfer"] <= high < found["chamfer_of_others"]
    assert found["recognised"] > 0.5
    assert found["n"] == len(context.originals)


@pytest.mark.slow
def test_generation(context: EvaluationContext) -> None:
    found = generation(context)
    assert found is not None
    assert (found["protocol"], found["seeds"], found["set_size"]) == ("counting", 2, 30)
    assert found["fid"] > found["floor"]["fid"] > 0
    assert found["deviation"]["fid"] > 0
    assert set(found["structure"]["samples"]) == set(found["structure"]["training"])
    assert found["structure"]["training"]["points"] < 0.5
    assert "recognised" not in found  # the model is not told classes, so that nobody knows what was meant


@pytest.mark.slow
def test_samples_of_one_class_are_judged() -> None:
    corpus = toy_corpus()
    context = EvaluationContext(
        load_model("doodles"), corpus, "test", Counting(), EvaluationSettings(samples=30)
    )
    one = context.real[0].label
    assert one is not None
    context.real[:] = [drawing for drawing in context.real if drawing.label == one] * 20
    context.__dict__["labels"] = {one, "house"}
    context.__dict__["samples"] = [[drawing.replace(label=one) for drawing in context.samples[0]]]
    found = generation(context)
    assert found is not None
    assert found["recognised"] < found["recognised_real"]
    assert found["judge"].startswith("a logistic regression")


@pytest.mark.slow
def test_novelty(context: EvaluationContext) -> None:
    found = context.novelty
    assert found is not None
    assert len(found.nearest) == len(context.samples[0])
    assert measure(context, ("novelty",))["novelty"] == {"nearness": found.nearness, "copies": found.copies}


def test_latents(context: EvaluationContext) -> None:
    found = latents(context)
    assert found is not None
    assert 1 <= found["latent_active"] <= found["latent_size"] == context.model.card.config.latent_size


def test_what_does_not_apply_is_left_out() -> None:
    """No encoder, no other split than that of the training."""
    assert set(measure(_bare(), METRICS)) == {"generation"}
    assert "training" not in measure(_bare(), ("generation",))["generation"]["structure"]
    assert measure(_bare(5), METRICS) == {}


@pytest.mark.slow
def test_figures_are_plain(context: EvaluationContext) -> None:
    def check(value: Any) -> None:
        if isinstance(value, dict):
            assert all(isinstance(key, str) for key in value)
            value = list(value.values())
        if isinstance(value, list):
            for part in value:
                check(part)
        else:
            assert type(value) in {int, float, str}

    check(measure(context, METRICS))


def test_the_table(context: EvaluationContext) -> None:
    for name, metric in METRICS.built_in():
        assert metric.name == name
        assert metric.description
        assert measure(context, [name])[name]
    with pytest.raises(LimnerError, match="there is no metric 'novel'; did you mean 'novelty'"):
        measure(context, ["novel"])


def test_a_stranger_adds_one(
    context: EvaluationContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [block] = python_blocks("docs/adding/metric.md")
    (tmp_path / "my_package.py").write_text(block)
    installed(tmp_path, monkeypatch, "limner.metrics", ink="my_package:INK")
    read_again(monkeypatch, METRICS)
    figures = measure(context, ["ink"])
    assert figures["ink"]["real"] > 0
    assert added_labels(figures) == {"ink.samples": "ink of samples", "ink.real": "ink of drawings"}
