"""What a network is made of: frozen dataclasses that stand in the weights file and on the command line.

No torch here, so that ``--help`` stays quick. The defaults are those of sketch-rnn (2017).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

CellName = Literal["lstm", "layer_norm", "hyper"]
SigmaName = Literal["exp", "softplus", "elu"]
JointName = Literal["independent", "component", "conditioned"]
NormName = Literal["pre", "post"]
PositionsName = Literal["sinusoidal", "learned", "rotary"]
CoordinatesName = Literal["offsets", "absolute", "both"]
TokensName = Literal["none", "joint", "by-state", "grid"]
MaskName = Literal["blind", "open"]
Kind = Literal["sketch_rnn", "transformer", "sketchformer"]
WhichWeights = Literal["best", "last"]
"""Of a run: the weights of its best validation, or of its last one."""


RENAMED = {"sketchformer.recognises": "num_classes_recognized"}
"""Settings that older weights files and runs have under other names."""


@dataclass(frozen=True)
class AttentionConfig:
    """Attention over the points before, whose outcome joins the decoder's input."""

    heads: int = 0
    """Heads; 0: no attention."""
    width: int = 64
    """Width of a head."""
    positions: bool = False
    """Whether queries and keys know where in the drawing they stand."""


@dataclass(frozen=True)
class EncoderConfig:
    """The bidirectional encoder of a conditional model."""

    cell: CellName = "lstm"
    """Recurrent cell."""
    size: int = 256
    """Units of the cell, for each of the two directions."""
    recurrent_keep: float = 1.0
    """Probability that a unit of the candidate is kept in training; 1: no recurrent dropout."""
    norm_learnable: bool = True
    """Whether scale and shift of layer norms learn (layer_norm, hyper)."""
    attentive_pooling: bool = False
    """Whether a weighted mean of all outputs is added to the last ones."""
    reads_start: bool = False
    """Whether it reads the start token before the points."""
    rows: int = 0
    """Rows that it reads at least, end rows behind the points; 0: the points alone."""


@dataclass(frozen=True)
class HeadConfig:
    """The last layer: where the pen goes next, and whether it lifts."""

    components: int = 20
    """Components of the mixture that says where the pen goes next."""
    joint: JointName = "independent"
    """What offset and pen know of each other: independent; component: each component of the mixture has pen
    states of its own; conditioned: each pen state has a mixture of its own."""
    sigma: SigmaName = "exp"
    """What makes standard deviations positive: exp, softplus, or elu (x + alpha, below 0 alpha e^x)."""
    sigma_min: float = 0.0
    """Added to the standard deviations, in model units."""
    sigma_alpha: float = 1.0
    """Alpha of elu."""


@dataclass(frozen=True)
class DecoderConfig(HeadConfig):
    """The recurrent decoder, which draws."""

    cell: CellName = "lstm"
    """Recurrent cell."""
    size: int = 512
    """Units of the cell."""
    recurrent_keep: float = 1.0
    """Probability that a unit of the candidate is kept in training; 1: no recurrent dropout."""
    norm_learnable: bool = True
    """Whether scale and shift of layer norms learn (layer_norm, hyper)."""
    attention: AttentionConfig = field(default_factory=AttentionConfig)
    """Attention over the points before."""
    input_keep: float = 1.0
    """Probability that an input of the cell is kept in training; 1: no input dropout."""
    output_keep: float = 1.0
    """Probability that an output of the cell is kept in training; 1: no output dropout."""
    latent_tanh: bool = False
    """Whether z goes through tanh on its way to the first state, as in old models of sketch-rnn-js."""


@dataclass(frozen=True)
class TransformerConfig(HeadConfig):
    """The transformer; a conditional one has an encoder of the same shape."""

    layers: int = 4
    """Layers."""
    width: int = 128
    """Numbers that stand for a point between the layers."""
    heads: int = 8
    """Heads of attention; they share the width evenly."""
    feedforward: int = 512
    """Units inside the network at every point."""
    dropout: float = 0.1
    """Probability that a number is dropped in training."""
    norm: NormName = "pre"
    """Whether layers are normalised on their way in (pre) or out (post)."""
    positions: PositionsName = "sinusoidal"
    """How the network knows where in the drawing a point stands."""
    coordinates: CoordinatesName = "offsets"
    """What the network reads of a point: its offset, where it lies, or both."""
    longest: int = 1000
    """Points that learned positions reach."""


@dataclass(frozen=True)
class SketchformerConfig(TransformerConfig):
    """The Sketchformer: a transformer that reads a drawing into one vector, and one that draws from it."""

    memory: int = 16
    """Places that the vector is spread over, for the decoder to look at."""
    mask: MaskName = "blind"
    """blind: the decoder sees all these places; open: as many as the drawing is long, which is then the last
    number of z."""
    variational: bool = False
    """Whether the vector is drawn from a normal distribution in training, with L_KL; else it is certain."""
    num_classes_recognized: int = 0
    """Classes that the network learns to tell apart; those of the corpus, if its drawings have any."""
    class_dropout: float = 0.1
    """Probability that a number of the vector is hidden from the part that tells classes."""
    tokens: TokensName = "none"
    """What points are for the network: none: numbers; joint: words of one dictionary of offsets; by-state: of
    two, for points that are drawn and for last ones of strokes; grid: cells of the page."""
    token_count: int = 1000
    """Words of a dictionary, or of two."""
    lift_count: int = 40
    """How many of the words by-state are for last points of strokes."""
    grid: int = 40
    """Cells along each side of the grid."""


@dataclass(frozen=True)
class ModelConfig:
    """A network."""

    kind: Kind = "sketch_rnn"
    """Architecture."""
    conditional: bool = True
    """True: a variational autoencoder, which can encode drawings. False: the decoder alone."""
    latent_size: int = 128
    """Width of the latent vector z; of use in a conditional model only."""
    classes: int = 0
    """Classes of drawings that the network is told apart; 0: it is told none."""
    class_size: int = 16
    """Numbers that stand for a class."""
    encoder: EncoderConfig = field(default_factory=EncoderConfig)
    """The encoder of a conditional sketch_rnn."""
    decoder: DecoderConfig = field(default_factory=DecoderConfig)
    """The decoder of sketch_rnn."""
    transformer: TransformerConfig = field(default_factory=TransformerConfig)
    """The network of kind transformer."""
    sketchformer: SketchformerConfig = field(default_factory=SketchformerConfig)
    """The network of kind sketchformer."""

    def __post_init__(self) -> None:
        for wanted, holds, values in _RULES:
            for name, value in values(self).items():
                if not holds(value):
                    raise ValueError(f"model.{name} must be {wanted}, not {value}.")
        for name in _too_large(self):
            raise ValueError(f"model.{name} must be at most {_largest(name)}.")
        _check_heads("transformer", self.transformer)
        _check_heads("sketchformer", self.sketchformer)
        own = self.sketchformer
        if own.tokens == "by-state" and own.lift_count >= own.token_count:
            raise ValueError(
                f"model.sketchformer.lift_count ({own.lift_count}) must be below "
                f"model.sketchformer.token_count ({own.token_count})."
            )


def _check_heads(name: str, own: TransformerConfig) -> None:
    if own.width % (2 * own.heads if own.positions == "rotary" else own.heads):
        even = ", each of an even width" if own.positions == "rotary" else ""
        raise ValueError(
            f"model.{name}.heads ({own.heads}) must share model.{name}.width ({own.width}) evenly{even}."
        )


def _named(config: object, where: str, *names: str) -> dict[str, float]:
    """Give settings by their full names."""
    return {f"{where}.{name}" if where else name: getattr(config, name) for name in names}


def _sizes(model: ModelConfig) -> dict[str, float]:
    own = ("layers", "width", "heads", "feedforward", "longest", "components")
    of_tokens = ("memory", "token_count", "lift_count", "grid")
    return {
        **_named(model, "", "latent_size", "class_size"),
        **_named(model.encoder, "encoder", "size"),
        **_named(model.decoder, "decoder", "size", "components"),
        **_named(model.decoder.attention, "decoder.attention", "width"),
        **_named(model.transformer, "transformer", *own),
        **_named(model.sketchformer, "sketchformer", *own, *of_tokens),
    }


def _keeps(model: ModelConfig) -> dict[str, float]:
    keeps = ("recurrent_keep", "input_keep", "output_keep")
    return {
        **_named(model.encoder, "encoder", "recurrent_keep"),
        **_named(model.decoder, "decoder", *keeps),
    }


def _dropouts(model: ModelConfig) -> dict[str, float]:
    return {
        **_named(model.transformer, "transformer", "dropout"),
        **_named(model.sketchformer, "sketchformer", "dropout", "class_dropout"),
    }


def _heads(model: ModelConfig, name: str) -> dict[str, float]:
    return {
        **_named(model.decoder, "decoder", name),
        **_named(model.transformer, "transformer", name),
        **_named(model.sketchformer, "sketchformer", name),
    }


_LARGEST = {"layers": 256, "heads": 1024, "grid": 1024, "longest": 1_000_000, "token_count": 1_000_000}
"""Beyond which a size is a slip; what is not named has the last: see :data:`LARGEST_SIZE`."""
LARGEST_SIZE = 65_536


def _too_large(model: ModelConfig) -> dict[str, float]:
    """Give the sizes that no network has, by their full names."""
    sizes = {**_sizes(model), **_counts(model)}
    return {name: n for name, n in sizes.items() if n > _largest(name)}


def _largest(name: str) -> int:
    return _LARGEST.get(name.rpartition(".")[2], LARGEST_SIZE)


def _counts(model: ModelConfig) -> dict[str, float]:
    """Give what may be 0, by its full names."""
    return {
        **_named(model, "", "classes"),
        **_named(model.encoder, "encoder", "rows"),
        **_named(model.decoder.attention, "decoder.attention", "heads"),
        **_named(model.sketchformer, "sketchformer", "num_classes_recognized"),
    }


_RULES: tuple[tuple[str, Callable[[float], bool], Callable[[ModelConfig], dict[str, float]]], ...] = (
    ("at least 1", lambda x: x >= 1, _sizes),
    ("at least 0", lambda x: x >= 0, _counts),
    ("above 0 and at most 1", lambda x: 0 < x <= 1, _keeps),
    ("from 0 to below 1", lambda x: 0 <= x < 1, _dropouts),
    ("from 0 to 1e6", lambda x: 0 <= x <= 1e6, lambda m: _heads(m, "sigma_min")),
    ("from 1e-6 to 1e6", lambda x: 1e-6 <= x <= 1e6, lambda m: _heads(m, "sigma_alpha")),
)
