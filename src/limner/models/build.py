"""From a config to a network."""

from __future__ import annotations

from limner.models.config import ModelConfig
from limner.models.protocol import SketchModel
from limner.models.sketch_rnn import SketchRNN

KINDS: dict[str, type[SketchRNN]] = {"sketch_rnn": SketchRNN}


def build_model(config: ModelConfig) -> SketchModel:
    """Make a network with fresh weights (torch's global generator draws them)."""
    return KINDS[config.kind](config)
