"""The vocabulary of a tokenized network, of the corpus or of a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from limner.corpus.corpus import Corpus
from limner.errors import DataError, LimnerError
from limner.models.config import ModelConfig, SketchformerConfig
from limner.models.sketchformer.tokenizer.fit import fit_tokenizer
from limner.models.sketchformer.tokenizer.tokenizer import Scheme, Tokenizer, TokenSettings
from limner.models.weights import load_weights
from limner.training.config import RunConfig, TrainConfig
from limner.training.data import training_data
from limner.training.init_from import read_initial
from limner.training.resolve import resolve_settings
from limner.training.run import train
from limner.training.run_folder import read_settings
from limner.training.vocabulary_file import save_tokenizer

OWN = SketchformerConfig(
    layers=1, width=8, heads=2, feedforward=8, memory=2, token_count=25, lift_count=6, grid=5
)
SETTINGS = {
    "joint": TokenSettings("joint", 25),
    "by-state": TokenSettings("by-state", 19, 6),
    "grid": TokenSettings("grid", 5),
}
EVERY = pytest.mark.parametrize("scheme", SETTINGS)


def _config(words: str = "", **own: Any) -> RunConfig:
    base = TrainConfig(batch_size=8, convention="end-once", validate_every=2, vocabulary=words)
    model = ModelConfig(kind="sketchformer", latent_size=4, sketchformer=replace(OWN, **own))
    return RunConfig(model=model, train=base, max_steps=2, seed=1)


def _made_of(toys: Corpus, scheme: str) -> Tokenizer:
    split = toys.splits["train"]
    return fit_tokenizer(list(split), SETTINGS[scheme], toys.scale_factor)


def _resolved(config: RunConfig, toys: Corpus) -> RunConfig:
    return resolve_settings(config, training_data(toys), read_initial(config))


def _centres(run: Path) -> np.ndarray:
    return load_weights(run / "model.safetensors")[0].get_buffer("codec.vocabulary.centres").numpy()


@pytest.mark.slow
@EVERY
def test_words_of_the_corpus(scheme: Scheme, toys: Corpus, tmp_path: Path) -> None:
    """They stand in the weights file, and stay what they are when the training goes on."""
    train(toys, tmp_path, _config(tokens=scheme))
    data = training_data(toys)
    scale = np.array([data.scale_factor, data.scale_factor, 1], np.float32)
    wanted = fit_tokenizer([rows / scale for rows in data.train], SETTINGS[scheme], 1.0)
    np.testing.assert_array_equal(_centres(tmp_path), wanted.centres)
    before = _centres(tmp_path)
    train(toys, tmp_path, replace(_config(tokens=scheme), max_steps=4), resume=True)
    np.testing.assert_array_equal(_centres(tmp_path), before)


@pytest.mark.slow
@EVERY
def test_words_of_a_file(scheme: Scheme, toys: Corpus, tmp_path: Path) -> None:
    """Their sizes become the network's, their units too."""
    made = _made_of(toys, scheme)
    moved = Tokenizer(made.settings, made.scale * 2, made.centres + 0.125, made.sigmas)
    path = tmp_path / "words.safetensors"
    save_tokenizer(moved, path)
    config = _resolved(_config(str(path), token_count=3, lift_count=1, grid=2), toys)
    own = config.model.sketchformer
    assert own.tokens == scheme
    assert {"joint": own.token_count, "by-state": own.token_count, "grid": own.grid**2}[scheme] == 25
    train(toys, tmp_path / "run", _config(str(path), token_count=3, lift_count=1, grid=2))
    np.testing.assert_allclose(_centres(tmp_path / "run"), moved.centres * 2, rtol=1e-4)
    path.unlink()  # a run needs it no more
    kept = read_settings(tmp_path / "run" / "config.toml", RunConfig())
    train(toys, tmp_path / "run", replace(kept, max_steps=3), resume=True)
    np.testing.assert_allclose(_centres(tmp_path / "run"), moved.centres * 2, rtol=1e-4)


def test_the_scale_is_that_of_the_corpus(toys: Corpus) -> None:
    assert training_data(toys).scale_factor == pytest.approx(toys.scale_factor)


def test_what_is_refused(toys: Corpus, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none.safetensors cannot be read as a tokenizer"):
        _resolved(_config("none.safetensors"), toys)
    path = tmp_path / "words.safetensors"
    save_tokenizer(_made_of(toys, "joint"), path)
    with pytest.raises(LimnerError, match="for networks of --model"):
        _resolved(replace(_config(str(path)), model=ModelConfig()), toys)
    assert _resolved(_config(), toys).model == _config().model
