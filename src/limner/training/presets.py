"""Named settings to start from.

Numbers of drawings and times, on two cores of a CPU, say what each is for.

``magenta``
    From 10,000 drawings, a night: sketch-rnn as published, to compare with it.
``paper``
    From 50,000 drawings or many classes, a GPU for days: the large networks of Ha and Eck's figures, a
    HyperLSTM of 2048 units.
``small-corpus``
    300 to 5,000 drawings of one hand, 1 to 4 hours: layer norm, recurrent dropout, both augmentations and
    averaged weights against learning by heart, and it stops by itself.
``fast``
    Any number of drawings, 10 minutes to an evening: lines after minutes, shapes after an hour. Fewer than 50
    drawings are varied strongly, and the average of the last weights is kept.
``attention``
    From 500 drawings, 1.5 times as long: ``fast`` with attention over the points before, two heads of 64,
    without positions (they do not help).
``transformer``
    From 500 drawings, 4 times as long: a transformer that draws, unconditional; it wants batches of many
    drawings and a slow start.
``sketchformer``
    From 5,000 drawings with classes, an evening: a transformer autoencoder whose z also tells classes apart.
``hand``
    1 to 1,000 drawings of one hand, at most 10 minutes: begins with ``sketches``, which knows how people
    draw, and ends by itself when drawings set aside become no likelier. What it learns is drawn unless a
    class is named; with ``--label`` it draws what the base knows.
``demo``
    Toy doodles, 4 minutes.

L_KL counts per latent dimension and L_R per row of N_max, so that the bound of Ha and Eck's equation 7 is met
where kl_weight = latent_size / N_max; a smaller weight keeps more of a drawing in z (docs/results.md, "The
weight of L_KL").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from limner.errors import DataError
from limner.models.config import (
    AttentionConfig,
    DecoderConfig,
    EncoderConfig,
    ModelConfig,
)
from limner.models.kinds import KINDS, ModelKind
from limner.settings import did_you_mean, from_dict
from limner.training.config import RunConfig, TrainConfig

_FAST = RunConfig(
    model=ModelConfig(
        latent_size=64, encoder=EncoderConfig(size=128), decoder=DecoderConfig(size=256, components=10)
    ),
    train=TrainConfig(
        batch_size=64,
        convention="end-once",
        density_floor=False,
        learning_rate=2e-3,
        learning_rate_decay=0.9998,
        kl_weight=0.25,
        kl_weight_decay=0.9995,
        sorted_batches=16,
    ),
    max_steps=20_000,
)


def _presets_of(kind: str, entry: ModelKind) -> Iterator[tuple[str, RunConfig]]:
    """Yield the presets of a model kind by name; their training is that of ``fast`` but for what they set."""
    for name, changes in entry.presets.items():
        base = replace(_FAST, model=ModelConfig(kind=kind))
        yield name, from_dict(RunConfig, changes, where=f"preset {name}", base=base)


PRESETS: dict[str, RunConfig] = {
    "magenta": RunConfig(
        model=ModelConfig(
            encoder=EncoderConfig(recurrent_keep=0.9), decoder=DecoderConfig(recurrent_keep=0.9)
        )
    ),
    # settings that the paper does not name are magenta's
    "paper": RunConfig(
        model=ModelConfig(
            encoder=EncoderConfig(size=512, recurrent_keep=0.9),
            decoder=DecoderConfig(cell="hyper", size=2048, recurrent_keep=0.9),
        ),
        train=TrainConfig(
            learning_rate=1e-4,
            learning_rate_decay=1.0,
            kl_weight=1.0,
            kl_weight_decay=0.99999,
            scale_augment=0.1,
        ),
    ),
    # a quarter of magenta's weights: still one for every few points of a thousand drawings
    "small-corpus": RunConfig(
        model=ModelConfig(
            latent_size=64,
            encoder=EncoderConfig(cell="layer_norm", size=128, recurrent_keep=0.8),
            decoder=DecoderConfig(cell="layer_norm", size=256, recurrent_keep=0.8, components=10),
        ),
        train=TrainConfig(
            convention="end-once",
            density_floor=False,
            learning_rate_decay=0.9998,
            kl_weight=0.25,
            kl_weight_decay=0.9995,
            ema_decay=0.999,
            scale_augment=0.15,
            drop_augment=0.15,
            sorted_batches=16,
            patience=20,
        ),
        max_steps=20_000,
    ),
    "fast": _FAST,
    "attention": replace(
        _FAST,
        model=replace(
            _FAST.model, decoder=replace(_FAST.model.decoder, attention=AttentionConfig(heads=2, width=64))
        ),
    ),
    **{name: preset for kind, entry in KINDS.built_in() for name, preset in _presets_of(kind, entry)},
    # the network is that of the base
    "hand": RunConfig(
        model=ModelConfig(conditional=False),
        train=TrainConfig(
            batch_size=32,
            convention="end-once",
            density_floor=False,
            learning_rate=1e-4,
            learning_rate_decay=1.0,
            grad_clip_by="norm",
            ema_decay=0.95,
            init_from="sketches",
            add_classes=True,
            remember=True,
            hold_out_few=True,
            minutes=9.0,
            validate_every=20,
            patience=5,
            precision="bf16",
        ),
        max_steps=2_000,
    ),
    "demo": RunConfig(
        model=ModelConfig(
            latent_size=16, encoder=EncoderConfig(size=64), decoder=DecoderConfig(size=256, components=10)
        ),
        train=TrainConfig(
            batch_size=64,
            convention="end-once",
            density_floor=False,
            learning_rate=3e-3,
            learning_rate_decay=0.9995,
            kl_weight=0.13,
            kl_weight_decay=0.998,
            kl_floor=0.25,
            scale_augment=0.1,
            drop_augment=0.0,
            sorted_batches=16,
            validate_every=2_000,
        ),
        max_steps=9_000,
    ),
}


def find_preset(name: str) -> RunConfig:
    """Return the settings of a preset, of limner or of a model kind that another package adds.

    Raises
    ------
    DataError
        If there is none, naming the nearest one.
    """
    if name in PRESETS:
        return PRESETS[name]
    others = {n: p for kind, entry in KINDS.items() for n, p in _presets_of(kind, entry)}
    if name not in others:
        raise DataError(f"There is no preset {name!r}; {did_you_mean(name, PRESETS | others)}")
    return others[name]
