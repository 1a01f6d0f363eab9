"""Settings of a training: frozen dataclasses that are the command line, the TOML file and the help at once.

The defaults are those of sketch-rnn (2017), except for recurrent dropout. No torch here: ``--help`` is fast.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from limner.corpus.formats.format import Pen
from limner.corpus.strong_augmentation import StrongAugmentation
from limner.models.config import RENAMED as RENAMED_OF_MODELS
from limner.models.config import ModelConfig

RENAMED = {
    "train.start": "init_from",
    "train.words": "vocabulary",
    **{f"model.{old}": new for old, new in RENAMED_OF_MODELS.items()},
}
"""Names of settings in older runs, and their names today."""

MOST_STEPS = 1_000_000_000
"""Steps beyond which a number is a slip."""
KeepBy = Literal["nll", "bound", "bound-start", "bound-end", "last"]
"""Rules that choose the weights which a training keeps."""


@dataclass(frozen=True)
class TrainConfig:
    """The training."""

    batch_size: int = 100
    """Drawings in a batch; a smaller corpus gives smaller batches."""
    convention: Literal["magenta-train", "end-once"] = "magenta-train"
    """What the loss counts: magenta-train the pen on all padding, end-once on one end row (faster)."""
    focal_gamma: float = 0.0
    """Focal loss of the pen: rows predicted well count less, by this power of 1 - p; 0: cross-entropy."""
    lift_weight: float = 1.0
    """Weight of lifts in the loss of the pen; that of drawing on is 1."""
    end_weight: float = 1.0
    """Weight of ends in the loss of the pen."""
    density_floor: bool = True
    """Whether densities are floored at 1e-6 in the training loss, as in the original."""
    learning_rate: float = 1e-3
    """Step size of Adam at the beginning."""
    learning_rate_min: float = 1e-5
    """Step size that the decay approaches."""
    learning_rate_decay: float = 0.9999
    """Factor of the step size with each step."""
    learning_rate_shape: Literal["exponential", "inverse-sqrt"] = "exponential"
    """How the step size falls: by that factor, or with the square root of the step after the warm-up."""
    learning_rate_warmup: int = 0
    """Steps over which the step size rises from almost 0; transformers need some hundred."""
    kl_weight: float = 0.5
    """Weight of L_KL at the end."""
    kl_weight_start: float = 0.01
    """Weight of L_KL at the beginning."""
    kl_weight_decay: float = 0.99995
    """Factor, with each step, of the difference of the weight of L_KL from its end."""
    kl_floor: float = 0.2
    """L_KL below which it is not pushed."""
    kl_free_bits: float = 0.0
    """KL of a number of z, in nats, below which that number is not pushed; set kl_floor to 0 beside it."""
    grad_clip: float = 1.0
    """Bound of the gradient."""
    grad_clip_by: Literal["value", "norm"] = "value"
    """What is bounded: each entry of the gradient (value), or its length (norm)."""
    ema_decay: float | None = None
    """Decay of a moving average of the weights, such as 0.999; the average is then validated and kept. Where
    no drawings are set aside, 0.999 unless given."""
    rollback_after: int = 10
    """Roll back to the last good state after so many steps in a row without a finite loss and gradient."""
    rollback_rate: float = 0.5
    """Factor of the learning rate with each rollback."""
    scale_augment: float = 0.15
    """Drawings are scaled by up to this share, each axis at random."""
    drop_augment: float = 0.1
    """Probability that a point inside a stroke is dropped."""
    vary: StrongAugmentation = field(default_factory=StrongAugmentation)
    """Stronger augmentation, for small corpora."""
    vary_few: bool = True
    """Vary fewer than 50 drawings strongly, where train.vary does not say how."""
    hold_out: float | None = None
    """Share of the drawings set aside for validation and for test each, where the corpus has no splits; 0.05
    from 50 drawings on and else 0, unless given."""
    init_from: str = ""
    """A model to begin with: its network and weights, instead of weights at random; for small corpora."""
    by_class: bool = False
    """Condition the network on the class of each drawing, so that it draws by class."""
    add_classes: bool = False
    """Keep the classes of the model that the training begins with, and add those of the corpus before them,
    or the class mine for drawings without one."""
    remember: bool = False
    """Keep the drawings that are learnt from beside the weights, at most 300 of them: what the model draws
    goes on as they do. For a decoder alone of kind sketch_rnn."""
    hold_out_few: bool = False
    """Set a fifth of the drawings aside to judge by, where the corpus is too small for splits; of fewer than
    20 leave out a third in turn to find out how long to learn, and then learn from all."""
    minutes: float | None = None
    """Time limit, where --minutes sets no other."""
    class_weight: float = 1.0
    """Weight of recognizing classes in the loss of a sketchformer, on a corpus that has classes; 0: it does
    not learn to."""
    vocabulary: str = ""
    """Vocabulary of a sketchformer, a file of limner data tokens; made from the corpus unless named."""
    balance: Literal["none", "corpus", "class"] = "none"
    """What has an equal share in every batch: each of the corpora that were named, or each class."""
    sorted_batches: int = 1
    """Batches that are sampled together and sorted by length, so that each needs little padding; 1: none."""
    log_every: int = 20
    """Steps between two lines of metrics."""
    validate_every: int = 500
    """Steps between two validations, each with a sheet and a checkpoint."""
    keep_by: Literal["auto"] | KeepBy = "auto"
    """What chooses the weights that are kept: nll (per point), bound (L_R + w L_KL by the weight of the
    step), bound-start or bound-end (by the weight it starts or ends with) or last; auto: bound, or nll for a
    decoder alone, or last where no drawings are set aside."""
    validate_drawings: int = 1000
    """Drawings of the valid split that a validation reads, at most."""
    patience: int | None = None
    """Stop after so many validations without a better one."""
    precision: Literal["fp32", "bf16"] = "fp32"
    """bf16: products in bfloat16, loss and mixture in float32; twice as fast for an lstm without dropout."""
    threads: int | None = None
    """CPU threads of each process; chosen by the size of the work unless given."""
    processes: int = 1
    """Processes on this machine that train together, each on a batch of its own; one for each GPU, if any."""
    machines: int = 1
    """Machines that train together, with as many processes each."""

    def __post_init__(self) -> None:
        for wanted, holds, names in _RULES:
            for name in names:
                value = getattr(self, name)
                if value is not None and not holds(value):
                    raise ValueError(f"train.{name} must be {wanted}, not {value}.")


_COUNTS = ("batch_size", "sorted_batches", "log_every", "validate_every", "validate_drawings")
_STEPS = (
    "log_every",
    "validate_every",
    "validate_drawings",
    "patience",
    "learning_rate_warmup",
    "rollback_after",
)
_RATES = ("learning_rate", "learning_rate_min", "grad_clip", "lift_weight", "end_weight")
_MORE = (*_RATES, "minutes")
_WEIGHTS = ("kl_weight", "kl_weight_start", "class_weight", "kl_floor", "kl_free_bits")
_RULES: tuple[tuple[str, Callable[[float], bool], tuple[str, ...]], ...] = (
    (
        "at least 1",
        lambda x: x >= 1,
        (*_COUNTS, "patience", "threads", "rollback_after", "processes", "machines"),
    ),
    ("above 0", lambda x: 0 < x < math.inf, _MORE),
    ("at least 0", lambda x: x >= 0, ("learning_rate_warmup",)),
    ("at least 0", lambda x: 0 <= x < math.inf, (*_WEIGHTS, "focal_gamma")),
    ("from 1e-30 to 1e30", lambda x: 1e-30 <= x <= 1e30, _RATES),  # within float32
    ("at most 1e30", lambda x: x <= 1e30, _WEIGHTS),
    ("at most 100", lambda x: x <= 100, ("focal_gamma",)),
    ("at most 4096", lambda x: x <= 4096, ("threads", "processes", "machines")),
    ("at most a million", lambda x: x <= 1_000_000, ("batch_size", "sorted_batches")),
    ("at most a billion", lambda x: x <= MOST_STEPS, _STEPS),
    ("from 0 to 1", lambda x: 0 <= x <= 1, ("learning_rate_decay", "kl_weight_decay")),
    ("from 0 to below 0.5", lambda x: 0 <= x < 0.5, ("hold_out",)),
    ("from 0 to below 1", lambda x: 0 <= x < 1, ("scale_augment", "drop_augment", "ema_decay")),
    ("above 0 and at most 1", lambda x: 0 < x <= 1, ("rollback_rate",)),
)


@dataclass(frozen=True)
class RunConfig:
    """Everything that decides a training, beside its corpus."""

    model: ModelConfig = field(default_factory=ModelConfig)
    """The network."""
    train: TrainConfig = field(default_factory=TrainConfig)
    """The training."""
    max_steps: int = 100_000
    """Steps to train."""
    seed: int = 0
    """Seed of weights, batches, augmentation and latent noise."""
    pen: Pen = "lift"
    """Meaning of 1 in the third column of the corpus: the pen lifts after the point, or it is down."""

    def __post_init__(self) -> None:
        if self.max_steps < 1:
            raise ValueError(f"max_steps must be at least 1, not {self.max_steps}.")
        if self.max_steps > MOST_STEPS:
            raise ValueError("max_steps must be at most a billion.")
        if self.seed < 0:
            raise ValueError(f"seed must not be negative, and it is {self.seed}.")
        if self.seed >= 2**63:
            raise ValueError("seed must be below 2^63.")
