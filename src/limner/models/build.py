"""From settings to a network."""

from __future__ import annotations

from importlib import import_module

from limner.models.config import ModelConfig
from limner.models.kinds import KINDS
from limner.models.protocol import SketchModel


def network_class(kind: str) -> type[SketchModel]:
    """Return the class of a kind's networks.

    Raises
    ------
    LimnerError
        If there is no such kind.
    """
    network = KINDS[kind].network
    if isinstance(network, str):
        module, _, name = network.partition(":")
        found: type[SketchModel] = getattr(import_module(module), name)
        return found
    return network


def build_model(config: ModelConfig) -> SketchModel:
    """Return a network with fresh weights, drawn from torch's global generator."""
    return network_class(config.kind)(config)
