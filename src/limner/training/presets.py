"""Named settings to start from.

The weight of L_KL counts per latent dimension and L_R per row of N_max, so that the bound of Ha and Eck's
equation 7 is met where kl_weight = latent_size / N_max; less than that keeps more of a drawing in z.
"""

from __future__ import annotations

from limner.models.config import DecoderConfig, EncoderConfig, ModelConfig
from limner.training.config import RunConfig, TrainConfig

PRESETS: dict[str, RunConfig] = {
    # sketch-rnn as published, recurrent dropout aside
    "magenta": RunConfig(),
    # a smaller network on trimmed batches, for a processor and an evening
    "fast": RunConfig(
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
    ),
    # toy doodles in a few minutes
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
