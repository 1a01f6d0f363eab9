"""Train the model ``doodles``, which ships with the package, and put it in its place.

    python scripts/train_shipped.py runs/doodles            # about an hour on two cores
    python scripts/train_shipped.py runs/doodles --ship     # write the weights as float16 into the package

The corpus is made on the spot: 100,000 toy drawings of a seed of their own, so that the drawings that
``limner evaluate doodles`` reads have not been seen.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from limner.corpus.corpus import Corpus, Split
from limner.corpus.doodles.make import KINDS, make_doodles
from limner.models.config import DecoderConfig, EncoderConfig, ModelConfig
from limner.models.weights import FILE_NAME, SHIPPED, load_weights, save_weights
from limner.training.config import RunConfig, TrainConfig
from limner.training.run import train

DRAWINGS, VALID, SEED = 100_000, 1_000, 2026
LICENCE = "CC0-1.0. Trained by the limner authors on 100,000 toy drawings that limner makes itself."
CONFIG = RunConfig(
    model=ModelConfig(
        latent_size=16, encoder=EncoderConfig(size=96), decoder=DecoderConfig(size=320, components=20)
    ),
    train=TrainConfig(
        batch_size=64,
        convention="end-once",
        density_floor=False,
        learning_rate=3e-3,
        learning_rate_decay=0.9997,
        kl_weight=0.13,
        kl_weight_start=0.005,
        kl_weight_decay=0.9996,
        kl_floor=0.15,
        scale_augment=0.05,
        drop_augment=0.02,
        sorted_batches=16,
        log_every=100,
        validate_every=1_000,
        threads=1,
    ),
    max_steps=13_430,
    seed=SEED,
)


def toy_corpus() -> Corpus:
    """Make the drawings."""
    drawings = make_doodles(DRAWINGS, seed=SEED)
    labels = [KINDS.index(str(drawing.label)) for drawing in drawings]
    rows = [drawing.to_stroke3() for drawing in drawings]
    parts = {"train": slice(VALID, None), "valid": slice(0, VALID)}
    return Corpus({name: Split.from_arrays(rows[part], labels[part]) for name, part in parts.items()}, KINDS)


def ship(run: Path) -> Path:
    """Write the best weights of a run into the package."""
    network, card = load_weights(run / FILE_NAME)
    target = SHIPPED / "doodles.safetensors"
    save_weights(network, replace(card, licence=LICENCE), target, half=True)
    return target


def main() -> None:
    """Train, go on, or ship."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run", type=Path)
    parser.add_argument("--ship", action="store_true")
    parser.add_argument("--resume", action="store_true")
    args = parser.parse_args()
    if args.ship:
        print(ship(args.run))  # noqa: T201
        return
    print(train(toy_corpus(), args.run, CONFIG, resume=args.resume, licence=LICENCE))  # noqa: T201


if __name__ == "__main__":
    main()
