"""Settings of a training: what they refuse, and the way to a dictionary and back."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.errors import DataError
from limner.models.config import DecoderConfig, EncoderConfig, ModelConfig
from limner.settings import from_dict, to_dict
from limner.training.config import RunConfig, TrainConfig

sizes = st.integers(1, 4096)
shares = st.floats(0, 1, exclude_max=True)

configs = st.builds(
    RunConfig,
    model=st.builds(
        ModelConfig,
        conditional=st.booleans(),
        latent_size=sizes,
        encoder=st.builds(EncoderConfig, size=sizes),
        decoder=st.builds(DecoderConfig, size=sizes, components=sizes),
    ),
    train=st.builds(
        TrainConfig,
        batch_size=sizes,
        convention=st.sampled_from(["magenta-train", "end-once"]),
        density_floor=st.booleans(),
        learning_rate=st.floats(1e-9, 10),
        scale_augment=shares,
        drop_augment=shares,
        patience=st.none() | sizes,
        threads=st.none() | sizes,
    ),
    max_steps=sizes,
    seed=st.integers(0, 2**63 - 1),
)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(configs)
def test_round_trip(config: RunConfig) -> None:
    assert from_dict(RunConfig, to_dict(config), where="config.toml") == config


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"trian": {}}, "there is no setting 'trian'; did you mean 'train'"),
        ({"model": {"kindd": "sketch_rnn"}}, "did you mean 'kind'"),
        ({"train": {"learning_rat": 1.0}}, "did you mean 'learning_rate'"),
        ({"model": {"decoder": {"sise": 3}}}, "did you mean 'size'"),
        ({"zzz": 1}, "known are max_steps, model, pen, seed and train"),
        ({"max_steps": 1.5}, "max_steps is 1.5; a whole number is wanted"),
        ({"max_steps": True}, "max_steps is True; a whole number is wanted"),
        ({"max_steps": "9"}, "max_steps is '9'; a whole number is wanted"),
        ({"max_steps": {}}, "a whole number is wanted"),
        ({"train": {"learning_rate": "fast"}}, "a number is wanted"),
        ({"train": {"density_floor": 1}}, "true or false is wanted"),
        ({"train": {"convention": "mine"}}, "'magenta-train' or 'end-once' is wanted"),
        ({"train": {"patience": 2.0}}, "a whole number is wanted"),
        ({"model": {"kind": ["sketch_rnn"]}}, "'sketch_rnn'"),
        ({"model": 3}, "a table is wanted"),
        ({"max_steps": 0}, "max_steps must be at least 1"),
        ({"train": {"batch_size": 0}}, r"train\.batch_size must be at least 1"),
        ({"model": {"encoder": {"size": -1}}}, r"encoder\.size must be at least 1"),
    ],
)
def test_refused_with_a_sentence(values: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError, match=words) as refusal:
        from_dict(RunConfig, values, where="mine.toml")
    assert str(refusal.value).startswith("mine.toml: ")


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("batch_size", 0), ("sorted_batches", 0), ("log_every", -1), ("validate_every", 0),
        ("validate_drawings", 0), ("patience", 0), ("threads", -2), ("learning_rate", 0.0),
        ("learning_rate", math.nan), ("learning_rate", math.inf), ("learning_rate_min", -1e-5),
        ("grad_clip", 0.0), ("scale_augment", 1.0), ("scale_augment", math.nan), ("drop_augment", -0.1),
        ("kl_weight", -1.0), ("kl_weight", math.nan), ("kl_floor", math.inf), ("kl_weight_decay", 1.1),
        ("learning_rate_decay", -0.5),
    ],
)  # fmt: skip
def test_values_out_of_range(name: str, bad: float) -> None:
    with pytest.raises(ValueError, match=rf"train\.{name} must be"):
        TrainConfig(**{name: bad})  # type: ignore[arg-type]


def test_run_refuses() -> None:
    with pytest.raises(ValueError, match="max_steps must be at least 1"):
        RunConfig(max_steps=0)
    with pytest.raises(ValueError, match="seed must not be negative"):
        RunConfig(seed=-1)


def test_defaults_are_those_of_sketch_rnn() -> None:
    train = TrainConfig()
    assert (train.batch_size, train.grad_clip, train.convention) == (100, 1.0, "magenta-train")
    assert (train.learning_rate, train.learning_rate_min, train.learning_rate_decay) == (1e-3, 1e-5, 0.9999)
    assert (train.kl_weight, train.kl_weight_start, train.kl_weight_decay, train.kl_floor) == (
        0.5, 0.01, 0.99995, 0.2,
    )  # fmt: skip
    assert (train.scale_augment, train.drop_augment) == (0.15, 0.1)
    assert (train.log_every, train.validate_every) == (20, 500)
    assert train.density_floor
