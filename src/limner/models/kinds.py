"""The table of model kinds: one entry says all that limner needs to know of a kind of network.

What a kind does with a corpus and with its points is asked of the network's class, see
:class:`limner.models.protocol.SketchModel`. Neither torch nor a network is imported here, so that ``--help``
stays quick.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from limner.registry import Registry


@dataclass(frozen=True)
class ModelKind:
    """A kind of network: an entry of :data:`KINDS`."""

    network: str | type[Any]
    """The network's class, or ``module:Class``, which is imported when a network is built: a
    :class:`limner.models.protocol.SketchModel` that is made of a ``ModelConfig``."""
    about: str
    """One line for people who choose a kind."""
    sections: tuple[str, ...] = ()
    """Fields of ``ModelConfig`` that this kind reads beside the common ones."""
    settings: type[Any] | None = None
    """Dataclass of the kind's own settings, for kinds without a section: it checks ``model.options``."""
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Named settings as a ``--config`` file has them: of the model over the defaults of the kind, of the
    training over those of the preset ``fast``."""
    exports: tuple[str, ...] = ()
    """Targets of ``limner export``, of those that hold only some kinds, that hold this one. Any network
    becomes an ONNX graph by tracing."""


KINDS: Registry[ModelKind] = Registry(
    "limner.kinds",
    "model kind",
    {
        "sketch_rnn": ModelKind(
            network="limner.models.sketch_rnn:SketchRNN",
            about="The recurrent variational autoencoder of sketch-rnn (Ha and Eck 2017), or its decoder.",
            sections=("encoder", "decoder"),
            exports=("sketch-rnn-js", "web"),
        ),
        "transformer": ModelKind(
            network="limner.models.transformer.model:Transformer",
            about="A decoder-only transformer; a conditional one has an encoder of the same shape.",
            sections=("transformer",),
            presets={
                "transformer": {
                    "model": {"conditional": False, "transformer": {"positions": "rotary"}},
                    "train": {
                        "learning_rate": 1e-3,
                        "learning_rate_warmup": 200,
                        "grad_clip_by": "norm",
                    },
                }
            },
        ),
        "sketchformer": ModelKind(
            network="limner.models.sketchformer.model:Sketchformer",
            about="A transformer autoencoder that also recognizes classes (Ribeiro et al. 2020).",
            sections=("sketchformer",),
            presets={
                "sketchformer": {
                    "model": {"sketchformer": {"coordinates": "both", "components": 10}},
                    "train": {
                        "learning_rate": 1e-3,
                        "learning_rate_warmup": 500,
                        "learning_rate_shape": "inverse-sqrt",
                        "grad_clip_by": "norm",
                    },
                }
            },
        ),
    },
    accepts=lambda entry: isinstance(entry, ModelKind),
)
