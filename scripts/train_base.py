"""Train the models that know how people draw, from nothing; every stage goes on where it was.

    python scripts/train_base.py runs/base sketch-rnn-js quickdraw/simplified            # hours on one core
    python scripts/train_base.py runs/base sketch-rnn-js quickdraw/simplified --resume   # go on
    python scripts/train_base.py runs/base sketch-rnn-js quickdraw/simplified --model sketches-latent

``sketches`` is a decoder; ``sketches-latent`` an autoencoder of the same drawings, for morphs.

Takes the decoders that sketch-rnn-js publishes (``NAME.gen.json``, one class each) and QuickDraw's drawings
(``NAME.ndjson``). The decoders are teachers: each draws some thousand drawings at temperature 1. To them come
the real drawings, but for the five of each class that the protocol of the evaluation sets aside and for all
of ten classes that hands are tried on, and toys. Most drawings are told their class. Some are told nothing
(``anything``) and loosened as ink on a page is: another size, a stroke turned round or drawn at another
time. Some become one line, in a natural order (``one line``).

The autoencoder is told no class, so that z carries it, and learns from the drawings that are told theirs,
simplified to half the points, which it draws as well in half the time.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from limner.corpus.corpus import Split
from limner.corpus.doodles.make import make_doodles
from limner.corpus.load import load_corpus
from limner.corpus.parquet_writer import write_parts
from limner.corpus.strong_augment import augment_strongly
from limner.corpus.strong_augmentation import StrongAugmentation
from limner.evaluation.protocol.set_aside import set_aside
from limner.interchange.importing import import_model
from limner.models.config import DecoderConfig, EncoderConfig, ModelConfig
from limner.models.weights import find_weights, load_weights, save_weights
from limner.recipes.engine import Processes
from limner.sampling.corpora import CorpusRequest, write_corpus
from limner.sampling.labels import ANYTHING
from limner.strokes.drawing import Drawing
from limner.strokes.order import ordered
from limner.strokes.simplify import simplified
from limner.training.config import RunConfig, TrainConfig
from limner.training.data_cache import load_training_data
from limner.training.run import train

ONE_LINE = "one line"
HANDS = (
    "airplane", "camel", "guitar", "mushroom", "sailboat", "saxophone", "teapot", "umbrella", "windmill",
    "wine glass",
)  # fmt: skip
"""Classes without a teacher that the base never sees."""
SEED = 2026
TOLD, LINED = 0.62, 0.14
"""Shares of drawings that are told their class, and that become one line; the rest is told nothing."""
REPEATED, TOYS, VALID, LONGEST = 6, 4000, 12, 250
"""Copies of a real drawing, each varied anew; toys; drawings of a teacher for validation; points at most."""
LOOSE = StrongAugmentation(
    turn=8, slant=0.08, mirror=0.1, shake=0.004, nudge=0.02, leave_out=0.04, reorder=0.2, reverse=0.15
)
MILD = StrongAugmentation(turn=6, slant=0.06, mirror=0.1, shake=0.003, nudge=0.01)
SIZES = (0.7, 1.3)
SAMPLING: dict[str, dict[str, Any]] = {
    "sketches": {"convention": "steady", "temperature": 0.4},
    "sketches-latent": {"temperature": 1.0, "top_p": 0.5, "offset_temperature": 0.01},
}
"""How the models draw best (docs/results.md, "The base")."""
LICENCE = (
    "CC-BY-4.0. Trained by the limner authors on what the decoders draw that Google Magenta published with "
    "sketch-rnn-js (trained on Quick, Draw! data, CC BY 4.0), on drawings of Google's Quick, Draw! data "
    "(CC BY 4.0), and on toy drawings that limner makes itself."
)
CONFIG = RunConfig(
    model=ModelConfig(
        conditional=False, class_size=64, decoder=DecoderConfig(cell="lstm", size=768, components=20)
    ),
    train=TrainConfig(
        batch_size=100,
        convention="end-once",
        density_floor=False,
        learning_rate=1.5e-3,
        learning_rate_decay=0.9999,
        learning_rate_min=2e-5,
        grad_clip_by="norm",
        scale_augment=0.1,
        drop_augment=0.05,
        sorted_batches=16,
        by_class=True,
        ema_decay=0.999,
        validate_every=1000,
        validate_drawings=768,
        threads=1,
        precision="bf16",
    ),
    max_steps=60_000,
    seed=1,
)
SIMPLER, SHORT = 0.01, 100
"""Tolerance for drawings of the autoencoder, as a share of their size; points that they have at most."""
LATENT = RunConfig(
    model=ModelConfig(
        latent_size=96,
        encoder=EncoderConfig(size=256, attentive_pooling=True, coordinates="both"),
        decoder=DecoderConfig(cell="lstm", size=512, components=20, coordinates="both"),
    ),
    train=replace(
        CONFIG.train,
        by_class=False,
        batch_size=50,
        sorted_batches=32,
        learning_rate=2e-3,
        learning_rate_decay=0.99985,
        kl_weight=0.04,
        kl_weight_decay=0.9995,
        kl_floor=0.0,
    ),
    max_steps=60_000,
    seed=1,
)
Rows = NDArray[np.float32]


@dataclass
class Gathered:
    """Drawings of one split, and what they are told."""

    rows: list[Rows] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    longest: int = LONGEST

    def add(self, rows: Rows | None, name: str) -> None:
        """Take a drawing, unless it is too short or too long."""
        if rows is not None and 2 <= len(rows) <= self.longest:
            self.rows.append(rows.astype(np.float32))
            self.names.append(name)


def teachers(published: Path, folder: Path) -> dict[str, Path]:
    """Import the decoders; by class."""
    found = {}
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(published.glob("*.gen.json")):
        name = path.name.removesuffix(".gen.json")
        target = folder / f"{name}.safetensors"
        if not target.exists():
            import_model(path, target)
        found[name.replace("_", " ").replace("the mona lisa", "The Mona Lisa")] = target
    return found


def drawn_by(models: dict[str, Path], folder: Path, n: int) -> dict[str, Path]:
    """Let every teacher draw; by class."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {name: folder / f"{path.stem}.parquet" for name, path in models.items()}
    with Processes() as engine:
        for name, path in found.items():
            if not path.exists():
                write_corpus(
                    CorpusRequest((str(models[name]),), n, {"temperature": 1.0}, seed=SEED), path, engine
                )
    return found


def real_drawings(folder: Path) -> Iterator[tuple[str, Rows]]:
    """Yield QuickDraw's drawings with their class, but for those set aside and the classes of hands."""
    for name, (_, rest) in set_aside(folder).items():
        if name not in HANDS:
            splits = load_corpus(folder / f"{name}.ndjson").splits.values()
            found = [np.array(rows) for split in splits for rows in split]
            yield from ((name, found[k]) for k in rest)


def one_line(rows: Rows, chance: np.random.Generator) -> Rows | None:
    """Join the strokes to one line, in a natural order, begun at either end."""
    points = np.concatenate(ordered(Drawing.from_stroke3(rows)).strokes)
    if chance.random() < 0.5:
        points = points[::-1]
    moved = np.abs(np.diff(points, axis=0)).sum(axis=1) > 0
    line = points[np.concatenate([[True], moved])]
    return Drawing.from_polylines([line]).to_stroke3() if len(line) > 1 else None


def loosened(rows: Rows, chance: np.random.Generator) -> Rows:
    """Change a drawing as ink on a page differs from a corpus."""
    found = augment_strongly(rows, chance, LOOSE)
    found[:, :2] *= np.exp(chance.uniform(*np.log(SIZES)))
    return found


def gather(drawn: dict[str, Path], quickdraw: Path) -> dict[str, Gathered]:
    """Put together what is learnt from and what validates."""
    chance = np.random.default_rng(SEED)
    found = {"train": Gathered(), "valid": Gathered()}

    def add(rows: Rows, name: str) -> None:
        share = chance.random()
        if share < TOLD:
            found["train"].add(rows, name)
        elif share < TOLD + LINED:
            found["train"].add(one_line(augment_strongly(rows, chance, MILD), chance), ONE_LINE)
        else:
            found["train"].add(loosened(rows, chance), ANYTHING)

    for name, path in drawn.items():
        every = [rows for split in load_corpus(path).splits.values() for rows in split]
        for rows in every[:VALID]:
            found["valid"].add(rows, name)
        for rows in every[VALID:]:
            add(rows, name)
    for name, rows in real_drawings(quickdraw):
        for _ in range(REPEATED):
            add(augment_strongly(rows, chance, MILD), name)
    for drawing in make_doodles(TOYS, seed=SEED + 1):
        found["train"].add(loosened(drawing.to_stroke3(), chance), ANYTHING)
    return found


def write(parts: dict[str, Gathered], path: Path) -> None:
    """Write the corpus."""
    names = tuple(sorted({name for part in parts.values() for name in part.names}))
    numbers = {name: k for k, name in enumerate(names)}
    write_parts(
        path,
        (
            (split, Split.from_arrays(part.rows, [numbers[name] for name in part.names]), names)
            for split, part in parts.items()
        ),
    )


def simpler(path: Path) -> dict[str, Gathered]:
    """Return the drawings that are told their class, simplified, but for those of many points."""
    corpus = load_corpus(path)
    found = {split: Gathered(longest=SHORT) for split in corpus.splits}
    for split, drawings in corpus.splits.items():
        for rows, label in zip(drawings, drawings.labels, strict=True):
            if (name := corpus.label_names[label]) not in (ANYTHING, ONE_LINE):
                drawing = Drawing.from_stroke3(rows)
                size = float(np.ptp(drawing.points, axis=0).max())
                found[split].add(simplified(drawing, SIMPLER * size).to_stroke3(), name)
    return found


def ship(run: Path, out: Path, sampling: dict[str, Any]) -> None:
    """Write the best weights of a run in float16, with how they draw best."""
    network, card = load_weights(find_weights(run))
    save_weights(network, replace(card, sampling=sampling), out, half=True)


def main() -> None:
    """Go through the stages."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("published", type=Path)
    parser.add_argument("quickdraw", type=Path)
    parser.add_argument("--drawings", type=int, default=2500, help="of each teacher")
    parser.add_argument("--model", choices=["sketches", "sketches-latent"], default="sketches")
    parser.add_argument("--resume", action="store_true")
    args = parser.parse_args()
    corpus = args.folder / "corpus.parquet"
    if not corpus.exists():
        models = teachers(args.published, args.folder / "teachers")
        write(gather(drawn_by(models, args.folder / "drawn", args.drawings), args.quickdraw), corpus)
    config = CONFIG
    if args.model == "sketches-latent":
        whole, corpus, config = corpus, args.folder / "simpler.parquet", LATENT
        if not corpus.exists():
            write(simpler(whole), corpus)
    data, run = load_training_data([corpus]), args.folder / args.model
    print(train(data, run, config, corpus_names=[str(corpus)], resume=args.resume, licence=LICENCE))  # noqa: T201
    ship(run, args.folder / f"{args.model}.safetensors", SAMPLING[args.model])


if __name__ == "__main__":
    main()
