"""Train the encoder of the evaluation protocol on QuickDraw classes, and put it in its place.

    python scripts/train_sketch_encoder.py quickdraw/simplified runs/encoder            # about 20 minutes
    python scripts/train_sketch_encoder.py quickdraw/simplified runs/encoder --ship     # into the package

Takes a folder of ndjson files, one a class. Of each class five drawings are set aside by chance; how well
their classes are found is written into the header of the weights. A run that was interrupted goes on from
``last.pt``.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy

from limner.corpus.augment import random_scale
from limner.corpus.load import load_corpus
from limner.corpus.strong_augment import augment_strongly
from limner.corpus.strong_augmentation import StrongAugmentation
from limner.evaluation.protocol.encoder import SHIPPED, EncoderCard, SketchEncoder, save_encoder
from limner.evaluation.protocol.network import NetworkSizes, SketchNetwork
from limner.evaluation.protocol.raster import Raster
from limner.evaluation.protocol.set_aside import set_aside
from limner.evaluation.retrieval import top_accuracy
from limner.files import whole_file
from limner.strokes.drawing import Drawing

HOW = StrongAugmentation(turn=15, slant=0.2, mirror=0.5, shake=0.006, nudge=0.03, leave_out=0.06)
STRETCH, PENS = 0.25, (1.2, 2.4)
BATCH, RATE, WARM_UP, SMOOTHING, DECAY, KEEP_EVERY = 64, 4e-3, 300, 0.1, 0.05, 250
AVERAGE = 0.999  # of the weights, over steps
SEED = 0
LICENCE = "CC-BY-4.0. Trained by the limner authors on drawings of Google's Quick, Draw! data (CC BY 4.0)."
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class TrainingData:
    """Drawings with their classes, a part of them set aside."""

    rows: list[NDArray[np.float32]]
    labels: Numbers
    names: tuple[str, ...]
    train: Numbers
    test: Numbers


def read(folder: Path) -> TrainingData:
    """Read a folder and set drawings of each class aside."""
    rows: list[NDArray[np.float32]] = []
    labels: list[int] = []
    names: list[str] = []
    train: list[int] = []
    test: list[int] = []
    for name, (aside, rest) in set_aside(folder).items():
        first = len(rows)
        splits = load_corpus(folder / f"{name}.ndjson").splits.values()
        rows += [np.array(one) for split in splits for one in split]
        labels += [len(names)] * (len(rows) - first)
        names.append(name)
        train += [first + k for k in rest]
        test += [first + k for k in aside]
    return TrainingData(rows, np.array(labels), tuple(names), np.array(train), np.array(test))


def picks(train: Numbers) -> Iterator[Numbers]:
    """Yield batches without end, each epoch shuffled again."""
    chance = np.random.default_rng(SEED)
    while True:
        order = chance.permutation(train)
        yield from (order[k : k + BATCH] for k in range(0, len(order) - BATCH + 1, BATCH))


def changed(training_data: TrainingData, some: Numbers, chance: np.random.Generator) -> torch.Tensor:
    """Draw a batch, every drawing changed, with a pen of some width; ``(B, P, P)``."""
    drawings = []
    for i in some:
        rows = augment_strongly(random_scale(training_data.rows[i], chance, STRETCH), chance, HOW)
        drawings.append(Drawing.from_stroke3(rows))
    pictures = Raster(pen_px=float(chance.uniform(*PENS))).pictures(drawings)
    return torch.from_numpy(pictures).float() / 255


def rate_at(step: int, steps: int) -> float:
    """Rise over the first steps, then fall along a cosine to almost nothing."""
    return RATE * min(1.0, (step + 1) / WARM_UP) * (0.5 * (1 + math.cos(math.pi * step / steps)) + 1e-3)


def averaged(mean: dict[str, torch.Tensor], network: SketchNetwork, step: int) -> None:
    """Move the mean of the weights towards what they are now."""
    share = min(AVERAGE, (1 + step) / (10 + step))
    for name, value in network.state_dict().items():
        if value.is_floating_point():
            mean[name].lerp_(value, 1 - share)
        else:
            mean[name].copy_(value)


def learn(training_data: TrainingData, out: Path, steps: int) -> tuple[SketchNetwork, float]:
    """Train, or go on training; give the network of averaged weights and the processor's seconds."""
    torch.manual_seed(SEED)
    network = SketchNetwork(NetworkSizes(classes=len(training_data.names)))
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    mean = {name: value.clone() for name, value in network.state_dict().items()}
    last, step, seconds = out / "last.pt", 0, 0.0
    if last.is_file():
        kept = torch.load(last, map_location="cpu", weights_only=True)
        network.load_state_dict(kept["network"])
        optimiser.load_state_dict(kept["optimiser"])
        mean, step, seconds = kept["mean"], kept["step"], kept["seconds"]
    for number, some in enumerate(picks(training_data.train)):
        if number < step:
            continue
        if step >= steps:
            break
        began = time.process_time()
        for group in optimiser.param_groups:
            group["lr"] = rate_at(step, steps)
        optimiser.zero_grad()
        pictures = changed(training_data, some, np.random.default_rng([SEED, step]))
        with torch.autocast("cpu", torch.bfloat16):
            logits = network(pictures).float()
        loss = cross_entropy(logits, torch.from_numpy(training_data.labels[some]), label_smoothing=SMOOTHING)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        averaged(mean, network, step)
        step, seconds = step + 1, seconds + time.process_time() - began
        if step % KEEP_EVERY == 0 or step == steps:
            state = {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "mean": mean}
            with whole_file(last) as draft:
                torch.save({**state, "step": step, "seconds": seconds}, draft)
            print(f"step {step}: loss {loss:.3f}, {seconds:.0f} s", file=sys.stderr, flush=True)  # noqa: T201
    network.load_state_dict(mean)
    return network.eval(), seconds


def main() -> None:
    """Train, judge, write."""
    parser = argparse.ArgumentParser(description=str(__doc__), formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--ship", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    args.out.mkdir(parents=True, exist_ok=True)
    training_data = read(args.folder)
    network, seconds = learn(training_data, args.out, args.steps)
    card = EncoderCard(Raster(), NetworkSizes(classes=len(training_data.names)), training_data.names, LICENCE)
    draft = args.out / "draft.safetensors"
    save_encoder(network, card, draft)
    encoder = SketchEncoder.read(draft)  # as it will be used: rounded weights, the protocol's pen
    scores = encoder.scores(
        encoder.features([Drawing.from_stroke3(training_data.rows[i]) for i in training_data.test])
    )
    labels = training_data.labels[training_data.test]
    figures = {f"top{k}": round(top_accuracy(scores, labels, k), 4) for k in (1, 5)}
    figures |= {"hold_out_drawings": len(labels), "steps": args.steps, "processor_seconds": round(seconds)}
    save_encoder(network, EncoderCard(card.raster, card.sizes, card.classes, LICENCE, figures),
                 SHIPPED if args.ship else draft)  # fmt: skip
    print(json.dumps(figures))  # noqa: T201


if __name__ == "__main__":
    main()
