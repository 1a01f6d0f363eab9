"""Settings of a network: frozen dataclasses that stand in weights files and become command line options.

No torch here, so that ``--help`` stays quick. The defaults are those of sketch-rnn (2017).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from limner.models.cells.table import CELLS
from limner.models.kinds import KINDS
from limner.models.ranges import DROPOUT, KEEP, at_least, between, check_settings
from limner.settings import did_you_mean, from_dict

if TYPE_CHECKING:
    CellName = str
    Kind = str
else:  # the names that the tables hold, so that options and files offer and admit those
    CellName = Literal[tuple(CELLS)]
    Kind = Literal[tuple(KINDS)]
SigmaName = Literal["exp", "softplus", "elu"]
JointName = Literal["independent", "component", "conditioned"]
NormName = Literal["pre", "post"]
PositionsName = Literal["sinusoidal", "learned", "rotary"]
CoordinatesName = Literal["offsets", "absolute", "both"]
TokensName = Literal["none", "joint", "by-state", "grid"]
MaskName = Literal["blind", "open"]
WhichWeights = Literal["best", "last"]
"""Of a run: the weights of its best validation, or of its last one."""
Option = bool | int | float | str
"""A setting of a kind of network that another package adds."""

RENAMED = {"sketchformer.recognises": "num_classes_recognized"}
"""Settings that older weights files and runs have under other names."""

T = TypeVar("T")


@dataclass(frozen=True)
class AttentionConfig:
    """Self-attention over the previous points, concatenated to the decoder's input."""

    heads: Annotated[int, at_least(0)] = 0
    """Heads; 0: no attention."""
    width: Annotated[int, at_least(1)] = 64
    """Width of a head."""
    positions: bool = False
    """Whether sinusoidal positions are added to queries and keys."""


@dataclass(frozen=True)
class EncoderConfig:
    """The bidirectional encoder of a conditional model."""

    cell: CellName = "lstm"
    """Recurrent cell."""
    size: Annotated[int, at_least(1)] = 256
    """Units of the cell, for each of the two directions."""
    recurrent_keep: Annotated[float, KEEP] = 1.0
    """Probability that a unit of the candidate is kept in training; 1: no recurrent dropout."""
    norm_learnable: bool = True
    """Whether scale and shift of layer norms learn (layer_norm, hyper)."""
    coordinates: CoordinatesName = "offsets"
    """What it reads of a point: its offset, its absolute position, or both; with both an autoencoder learns
    faster to draw what it was shown."""
    attentive_pooling: bool = False
    """Whether an attention-weighted mean of all outputs is added to the last ones."""
    reads_start: bool = False
    """Whether it reads the start token before the points."""
    rows: Annotated[int, at_least(0)] = 0
    """Rows that it reads at least, end rows behind the points; 0: the points alone."""

    def check(self, name: str) -> None:
        """Refuse a cell that is not in the table."""
        _check_cell(self.cell, name)


@dataclass(frozen=True)
class HeadConfig:
    """The last layer: the distribution of the next offset and pen state."""

    components: Annotated[int, at_least(1)] = 20
    """Components of the mixture of normals that predicts the offset."""
    joint: JointName = "independent"
    """How offset and pen state depend on each other: independent; component: each component of the mixture
    has pen states of its own; conditioned: each pen state has a mixture of its own."""
    sigma: SigmaName = "exp"
    """What makes standard deviations positive: exp, softplus, or elu (x + alpha, below 0 alpha e^x)."""
    sigma_min: Annotated[float, between(0, 1e6)] = 0.0
    """Added to the standard deviations, in model units."""
    sigma_alpha: Annotated[float, between(1e-6, 1e6)] = 1.0
    """Alpha of elu."""


@dataclass(frozen=True)
class DecoderConfig(HeadConfig):
    """The recurrent decoder, which draws."""

    cell: CellName = "lstm"
    """Recurrent cell."""
    size: Annotated[int, at_least(1)] = 512
    """Units of the cell."""
    recurrent_keep: Annotated[float, KEEP] = 1.0
    """Probability that a unit of the candidate is kept in training; 1: no recurrent dropout."""
    norm_learnable: bool = True
    """Whether scale and shift of layer norms learn (layer_norm, hyper)."""
    attention: AttentionConfig = field(default_factory=AttentionConfig)
    """Attention over the previous points."""
    coordinates: CoordinatesName = "offsets"
    """What it reads of a point: its offset, its absolute position, or both."""
    input_keep: Annotated[float, KEEP] = 1.0
    """Probability that an input of the cell is kept in training; 1: no input dropout."""
    output_keep: Annotated[float, KEEP] = 1.0
    """Probability that an output of the cell is kept in training; 1: no output dropout."""
    latent_tanh: bool = False
    """Whether z passes tanh before it becomes the first state, as in old models of sketch-rnn-js."""

    def check(self, name: str) -> None:
        """Refuse a cell that is not in the table."""
        _check_cell(self.cell, name)


@dataclass(frozen=True)
class TransformerConfig(HeadConfig):
    """The transformer; a conditional one has an encoder of the same shape."""

    layers: Annotated[int, at_least(1, most=256)] = 4
    """Layers."""
    width: Annotated[int, at_least(1)] = 128
    """Width of the residual stream: features of a point between the layers."""
    heads: Annotated[int, at_least(1, most=1024)] = 8
    """Heads of attention; they share the width evenly."""
    feedforward: Annotated[int, at_least(1)] = 512
    """Hidden units of the feed-forward network of a layer."""
    dropout: Annotated[float, DROPOUT] = 0.1
    """Probability that a feature is dropped in training."""
    norm: NormName = "pre"
    """Whether layers normalize their input (pre) or their output (post)."""
    positions: PositionsName = "sinusoidal"
    """How the network encodes the position of a point in its drawing."""
    coordinates: CoordinatesName = "offsets"
    """What the network reads of a point: its offset, its absolute position, or both."""
    longest: Annotated[int, at_least(1, most=1_000_000)] = 1000
    """Rows that learned positions reach."""

    def check(self, name: str) -> None:
        """Refuse heads that do not share the width evenly."""
        rotary = self.positions == "rotary"
        if self.width % (2 * self.heads if rotary else self.heads):
            even = ", each of an even width" if rotary else ""
            raise ValueError(
                f"{name}.heads ({self.heads}) must share {name}.width ({self.width}) evenly{even}."
            )


@dataclass(frozen=True)
class SketchformerConfig(TransformerConfig):
    """The Sketchformer: a transformer that encodes a drawing as one vector, and one that decodes it."""

    memory: Annotated[int, at_least(1)] = 16
    """Slots that the vector is projected to, for the decoder to attend to."""
    mask: MaskName = "blind"
    """blind: the decoder attends to all these slots; open: to as many as the drawing is long, which is then
    the last number of z."""
    variational: bool = False
    """Whether the vector is sampled from a normal distribution in training, with L_KL; else it is certain."""
    num_classes_recognized: Annotated[int, at_least(0)] = 0
    """Classes that the network learns to recognize; those of the corpus, if its drawings have any."""
    class_dropout: Annotated[float, DROPOUT] = 0.1
    """Probability that a number of the vector is dropped before the classifier."""
    tokens: TokensName = "none"
    """What a point is for the network: none: numbers; joint: a token of one dictionary of offsets; by-state:
    of two, for points that are drawn and for last ones of strokes; grid: a cell of the page."""
    token_count: Annotated[int, at_least(1, most=1_000_000)] = 1000
    """Tokens of a dictionary, or of two."""
    lift_count: Annotated[int, at_least(1)] = 40
    """How many of the tokens by-state are for last points of strokes."""
    grid: Annotated[int, at_least(1, most=1024)] = 40
    """Cells along each side of the grid."""

    def check(self, name: str) -> None:
        """Refuse heads that do not share the width evenly, and a dictionary without tokens to draw with."""
        super().check(name)
        if self.tokens == "by-state" and self.lift_count >= self.token_count:
            raise ValueError(
                f"{name}.lift_count ({self.lift_count}) must be below {name}.token_count "
                f"({self.token_count})."
            )


@dataclass(frozen=True)
class ModelConfig:
    """A network."""

    kind: Kind = "sketch_rnn"
    """Architecture."""
    conditional: bool = True
    """True: a variational autoencoder, which can encode drawings. False: the decoder alone."""
    latent_size: Annotated[int, at_least(1)] = 128
    """Width of the latent vector z; of use in a conditional model only."""
    classes: Annotated[int, at_least(0)] = 0
    """Classes of drawings that the network is conditioned on; 0: on none."""
    class_size: Annotated[int, at_least(1)] = 16
    """Width of the embedding of a class."""
    encoder: EncoderConfig = field(default_factory=EncoderConfig)
    """The encoder of a conditional sketch_rnn."""
    decoder: DecoderConfig = field(default_factory=DecoderConfig)
    """The decoder of sketch_rnn."""
    transformer: TransformerConfig = field(default_factory=TransformerConfig)
    """The network of kind transformer."""
    sketchformer: SketchformerConfig = field(default_factory=SketchformerConfig)
    """The network of kind sketchformer."""
    options: dict[str, Option] = field(default_factory=dict, hash=False)
    """Settings of a kind that another package adds."""

    def __post_init__(self) -> None:
        check_settings(self, "model")
        for settings in self.own_settings():
            if self.options:
                check_settings(settings, "model.options")

    def own_settings(self) -> list[Any]:
        """Return the dataclasses that the network's kind reads beside the common settings.

        Raises
        ------
        LimnerError
            If there is no such kind, or it has no such options.
        """
        entry = KINDS[self.kind]
        if entry.settings is not None:
            return [self.own(entry.settings)]
        if self.options:
            sections = " and ".join(f"model.{section}" for section in entry.sections)
            raise ValueError(f"model.options is for kinds of other packages; {self.kind} has {sections}.")
        return [getattr(self, section) for section in entry.sections]

    def own(self, settings: type[T]) -> T:
        """Return ``options`` as a dataclass; what is not set has its default.

        Raises
        ------
        DataError
            If an option is unknown, or its value is of the wrong type.
        """
        return from_dict(settings, self.options, where="model.options")


def _check_cell(cell: str, name: str) -> None:
    if cell not in CELLS:
        raise ValueError(f"{name}.cell: there is no recurrent cell {cell!r}; {did_you_mean(cell, CELLS)}")
