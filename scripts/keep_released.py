"""Write small files of every kind that limner writes, to be read by every later version.

    python scripts/keep_released.py tests/released/0.1.0

Run it once for each version that is released, before its forms change again; ``tests/test_released.py`` reads
what was kept of all of them. ``expected.json`` holds what the models say of the drawings. A HyperLSTM is not
among them: its small cell alone has a million weights.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import torch

from limner.corpus.corpus import Corpus, Split
from limner.corpus.doodles.make import make_doodles
from limner.corpus.formats.registry import write_as, written_suffixes
from limner.curation.choices import HEADER
from limner.curation.tables import write_table
from limner.evaluation.likelihood import likelihood
from limner.files import write_text
from limner.interchange.exporting import export_model
from limner.models.config import (
    AttentionConfig,
    DecoderConfig,
    EncoderConfig,
    ModelConfig,
    SketchformerConfig,
    TransformerConfig,
)
from limner.recipes.recipe import copy_recipe
from limner.sampling.model import load_model
from limner.training.config import RunConfig, TrainConfig
from limner.training.run import train

SMALL = {"layers": 1, "width": 8, "heads": 2, "feedforward": 8, "components": 2}
MODELS = {
    "vae": ModelConfig(
        latent_size=2, encoder=EncoderConfig(size=6), decoder=DecoderConfig(size=8, components=2)
    ),
    "decoder": ModelConfig(conditional=False, decoder=DecoderConfig(size=8)),
    "layer-norm": ModelConfig(
        latent_size=2,
        encoder=EncoderConfig(cell="layer_norm", size=6),
        decoder=DecoderConfig(cell="layer_norm", size=8, components=2),
    ),
    "attention": ModelConfig(
        conditional=False,
        decoder=DecoderConfig(size=8, components=2, attention=AttentionConfig(heads=1, width=4)),
    ),
    "transformer": ModelConfig(kind="transformer", conditional=False, transformer=TransformerConfig(**SMALL)),
    "sketchformer": ModelConfig(kind="sketchformer", latent_size=4, sketchformer=SketchformerConfig(**SMALL)),
}
CORPUS = "corpus.npz"


def corpus() -> Corpus:
    """Return some doodles with labels."""
    drawings = make_doodles(12, seed=1)
    names = tuple(sorted({drawing.label or "" for drawing in drawings}))
    split = Split.from_arrays(
        [drawing.to_stroke3() for drawing in drawings],
        [names.index(drawing.label or "") for drawing in drawings],
    )
    return Corpus(
        {"train": split.take(range(8)), "valid": split.take(range(8, 10)), "test": split.take([10, 11])},
        names,
    )


def keep(folder: Path) -> None:
    """Write all of it."""
    drawings = corpus()
    (folder / "runs").mkdir(parents=True)
    for suffix in written_suffixes():
        write_as(drawings, folder / f"corpus{suffix}")
    expected = {}
    for name, model in MODELS.items():
        config = RunConfig(
            model=model, train=TrainConfig(batch_size=4, validate_every=2, ema_decay=0.9), max_steps=4
        )
        run = folder / "runs" / name
        train(drawings, run, config, corpus_names=[CORPUS], quiet=True)
        for path in (*run.glob("events*"), *run.glob("samples")):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        expected[name] = likelihood(load_model(run), drawings.splits["test"]).nll_per_point_corpus
    write_text(folder / "expected.json", json.dumps(expected, indent=1) + "\n")
    copy_recipe("sketchbook", folder / "recipe.toml")
    write_table(
        folder / "choices.csv",
        HEADER,
        [("corpus.npz#train/0", "keep", "cat"), ("corpus.npz#train/1", "drop", "")],
    )
    export_model(load_model(folder / "runs" / "decoder"), "sketch-rnn-js", folder / "decoder.json")


def main() -> None:
    """Read the name of the folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    torch.set_num_threads(1)
    keep(parser.parse_args().folder)


if __name__ == "__main__":
    main()
