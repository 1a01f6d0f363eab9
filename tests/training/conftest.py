"""Toy drawings and a tiny network; torch runs in one thread."""

from __future__ import annotations

import pytest

from limner.corpus.corpus import Corpus, Split
from limner.corpus.doodles.make import make_doodles
from limner.models.config import DecoderConfig, EncoderConfig, ModelConfig


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """Apply the shared fixture to every test here."""


@pytest.fixture(scope="session")
def toys() -> Corpus:
    """Return forty doodles: 32 to learn from, 8 to validate."""
    drawings = [drawing.to_stroke3() for drawing in make_doodles(40, seed=1)]
    return Corpus({"train": Split.from_arrays(drawings[:32]), "valid": Split.from_arrays(drawings[32:])})


@pytest.fixture(scope="session")
def tiny() -> ModelConfig:
    """Return the settings of a network that learns nothing, quickly."""
    return ModelConfig(
        latent_size=4, encoder=EncoderConfig(size=8), decoder=DecoderConfig(size=16, components=3)
    )
