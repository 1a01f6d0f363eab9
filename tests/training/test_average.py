"""The averaged weights are those that are validated, drawn with and kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from limner.corpus.corpus import Corpus
from limner.evaluation.likelihood import likelihood
from limner.models.build import build_model
from limner.models.config import ModelConfig
from limner.models.weights import load_weights
from limner.sampling.model import load_model
from limner.training.average import begin_average, update_average
from limner.training.config import RunConfig, TrainConfig
from limner.training.run import train

EVERY = 4
STEPS = 12
DECAY = 0.5


@pytest.fixture(scope="module")
def config(tiny: ModelConfig) -> RunConfig:
    settings = TrainConfig(
        batch_size=8, convention="end-once", validate_every=EVERY, ema_decay=DECAY, learning_rate=0.02
    )
    return RunConfig(model=tiny, train=settings, max_steps=STEPS, seed=3)


@pytest.fixture(scope="module")
def whole(toys: Corpus, config: RunConfig, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a run that nothing interrupted."""
    folder = tmp_path_factory.mktemp("runs") / "whole"
    train(toys, folder, config)
    return folder


def _parts(run: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the weights and their average from a checkpoint."""
    found = torch.load(run / "last.ckpt", weights_only=True)["state_dict"]
    parts = [
        {k.removeprefix(p): v for k, v in found.items() if k.startswith(p)} for p in ("network.", "average.")
    ]
    return parts[0], parts[1]


def _same(a: dict[str, Any], b: dict[str, Any]) -> bool:
    return a.keys() == b.keys() and all(torch.equal(value, b[name]) for name, value in a.items())


@pytest.mark.parametrize("decay", [0.5, 0.999])
def test_it_follows_the_weights(tiny: ModelConfig, decay: float) -> None:
    """Soon at first, so that the random beginning is forgotten, then as slowly as it is told."""
    network = build_model(tiny)
    average = begin_average(network)
    wanted = dict(network.state_dict())
    for step in range(1, 30):
        for weights in network.parameters():
            torch.nn.init.normal_(weights)
        update_average(average, network, decay, step)
        d = min(decay, (1 + step) / (10 + step))
        wanted = {name: d * wanted[name] + (1 - d) * value for name, value in network.state_dict().items()}
    for name, value in average.state_dict().items():
        torch.testing.assert_close(value, wanted[name])
    assert not any(weights.requires_grad for weights in average.parameters())
    assert all(weights.requires_grad for weights in network.parameters())


@pytest.mark.slow
def test_the_average_is_kept(toys: Corpus, config: RunConfig, tmp_path: Path) -> None:
    """The figures of the validation are those of the weights in the file, which are not the network's own."""
    train(toys, tmp_path, replace(config, max_steps=EVERY))
    model = load_model(tmp_path)
    assert likelihood(model, toys.splits["valid"], convention="end-once").recon == pytest.approx(
        model.card.training["valid_L_R"], rel=1e-5
    )
    own, average = _parts(tmp_path)
    assert _same(dict(load_weights(tmp_path / "model.safetensors")[0].state_dict()), average)
    assert not _same(own, average)


@pytest.mark.slow
def test_it_does_not_change_what_is_learnt(
    whole: Path, toys: Corpus, config: RunConfig, tmp_path: Path
) -> None:
    train(toys, tmp_path, replace(config, train=replace(config.train, ema_decay=None)))
    own, nothing = _parts(tmp_path)
    assert _same(own, _parts(whole)[0])
    assert nothing == {}


@pytest.mark.slow
def test_a_resumed_average(whole: Path, toys: Corpus, config: RunConfig, tmp_path: Path) -> None:
    train(toys, tmp_path, replace(config, max_steps=2 * EVERY))
    train(toys, tmp_path, config, resume=True)
    for found, wanted in zip(_parts(tmp_path), _parts(whole), strict=True):
        assert _same(found, wanted)
    assert (tmp_path / "metrics.csv").read_bytes() == (whole / "metrics.csv").read_bytes()


@pytest.mark.slow
def test_an_average_that_begins_with_a_resume(toys: Corpus, config: RunConfig, tmp_path: Path) -> None:
    """It begins with the weights of the checkpoint; and ends, if a resume does without it."""
    plain = replace(config, train=replace(config.train, ema_decay=None), max_steps=EVERY)
    train(toys, tmp_path, plain)
    begun = _parts(tmp_path)[0]
    train(toys, tmp_path, replace(config, max_steps=EVERY + 1), resume=True)
    own, average = _parts(tmp_path)
    for name, value in average.items():
        torch.testing.assert_close(value, 0.4 * begun[name] + 0.6 * own[name])  # (1 + 5) / (10 + 5)
    train(toys, tmp_path, replace(plain, max_steps=EVERY + 2), resume=True)
    assert _parts(tmp_path)[1] == {}
