"""Teach a Sketchformer to tell QuickDraw's classes apart from twenty drawings of each, and report how well.

    python scripts/sketchformer_classes.py quickdraw/simplified runs/classes --steps 6000

Takes a folder of ndjson files, one a class. Of each class five drawings are set aside by chance, never seen
in training or in any choice. Writes ``report.md``, ``report.json`` and ``model.safetensors``; a run that
was interrupted goes on from ``last.pt``.

Beside the network stand chance and the nearest neighbour among the training drawings: of points spread evenly
along the ink, box and measure chosen as they do best on four drawings a class of the training part.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy

from limner.corpus.augment import drop_points, random_scale
from limner.corpus.load import load_corpus
from limner.corpus.strong_augment import augment_strongly
from limner.corpus.strong_augmentation import StrongAugmentation
from limner.evaluation.quality.chamfer import ink_points
from limner.evaluation.retrieval import (
    cosine_distances,
    exclude_self,
    mean_average_precision,
    nearest_scores,
    top_accuracy,
)
from limner.files import whole_file, write_text
from limner.models.batch import pad_batch
from limner.models.build import build_model
from limner.models.config import ModelConfig, SketchformerConfig
from limner.models.protocol import SketchModel
from limner.models.weights import Card, save_weights
from limner.sampling.model import Model
from limner.strokes.drawing import Drawing

SIDE = 255.0  # of the box that every drawing is fitted into
SCALE = 30.0  # units of that box in one model unit
POINTS = 64  # along the ink, for neighbours
HOW = StrongAugmentation(
    turn=15, slant=0.15, mirror=0.5, shake=0.006, nudge=0.02, leave_out=0.1, reorder=0.3, reverse=0.2
)
STRETCH, DROP = 0.2, 0.1
SMOOTHING, WARM_UP, BATCH, RATE, KEEP_EVERY = 0.1, 200, 64, 1e-3, 200
TEST, VALID = 5, 4  # drawings of each class, of all and of the training part
LONGEST = 250  # points of a drawing, after which it is cut
Rows = NDArray[np.float32]
Numbers = NDArray[np.int64]
Apart = NDArray[np.float64]


def read(folder: Path) -> tuple[list[Rows], Numbers, tuple[str, ...]]:
    """Read all drawings of a folder, each fitted into the box, with labels and their names."""
    drawings: list[Rows] = []
    labels: list[int] = []
    names: list[str] = []
    for path in sorted(folder.glob("*.ndjson")):
        found = [rows for split in load_corpus(path).splits.values() for rows in split]
        drawings += [boxed(np.array(rows)) for rows in found]
        labels += [len(names)] * len(found)
        names.append(path.stem)
    return drawings, np.array(labels), tuple(names)


def boxed(rows: Rows) -> Rows:
    """Fit a drawing into the box: its longer side fills it, its top left corner is the origin."""
    places = np.cumsum(rows[:, :2], axis=0, dtype=np.float64)
    low, size = places.min(axis=0), float(np.ptp(places, axis=0).max())
    fitted = (places - low) * (SIDE / size if size else 1.0)
    return np.column_stack([np.diff(fitted, axis=0, prepend=0.0), rows[:, 2]]).astype(np.float32)


def shared_out(labels: Numbers, aside: int, seed: int) -> tuple[Numbers, Numbers]:
    """Set ``aside`` drawings of each class aside; give the places of the others, and theirs."""
    chance = np.random.default_rng(seed)
    parts = [chance.permutation(np.flatnonzero(labels == label)) for label in np.unique(labels)]
    return np.concatenate([p[aside:] for p in parts]), np.concatenate([p[:aside] for p in parts])


# The neighbours ----------------------------------------------------------------------------------


def resampled(rows: Rows, *, stretched: bool) -> Apart:
    """Spread points along the ink, centred in a box of side 1; stretched until they fill it, or not."""
    points = ink_points(Drawing.from_stroke3(rows), POINTS)
    points = points[np.linspace(0, len(points) - 1, POINTS).round().astype(int)]  # of a drawing of dots
    low, high = points.min(axis=0), points.max(axis=0)
    size = np.maximum(high - low, 1e-9) if stretched else max(float((high - low).max()), 1e-9)
    return np.asarray((points - (low + high) / 2) / size)


def apart(queries: Apart, gallery: Apart, measure: str) -> Apart:
    """Measure how far drawings ``(Q, P, 2)`` and ``(G, P, 2)`` lie apart, ``(Q, G)``."""
    a, b = torch.from_numpy(queries).float(), torch.from_numpy(gallery).float()
    if measure != "chamfer":
        p = {"ordered, L1": 1.0, "ordered, L2": 2.0}[measure]
        return torch.cdist(a.flatten(1), b.flatten(1), p=p).double().numpy()
    found = []
    for query in a:
        gaps = torch.cdist(b, query.expand_as(b))  # (G, P, P)
        found.append(gaps.amin(1).mean(1) + gaps.amin(2).mean(1))
    return torch.stack(found).double().numpy()


def neighbours(drawings: list[Rows], train: Numbers, test: Numbers) -> dict[str, Apart]:
    """Return the distances from test to train drawings, by the name of each way to measure them."""
    found = {}
    for box in ("aspect kept", "stretched"):
        points = np.stack([resampled(rows, stretched=box == "stretched") for rows in drawings])
        for measure in ("ordered, L1", "ordered, L2", "chamfer"):
            found[f"{measure}, {box}"] = apart(points[test], points[train], measure)
    return found


def accuracies(distances: Apart, labels: Numbers, train: Numbers, test: Numbers) -> dict[str, float]:
    """Judge distances from test to train drawings by the nearest neighbour."""
    scores = nearest_scores(distances, labels[train], int(labels.max()) + 1)
    return {
        "top1": top_accuracy(scores, labels[test]),
        "top5": top_accuracy(scores, labels[test], 5),
        "map_train": mean_average_precision(distances, labels[test], labels[train]),
    }


# The network -------------------------------------------------------------------------------------


def network_of(classes: int) -> SketchModel:
    """Make the network: 2 million weights, of which reading takes 0.8 million."""
    own = SketchformerConfig(coordinates="both", num_classes_recognized=classes, components=10)
    return build_model(ModelConfig(kind="sketchformer", latent_size=128, sketchformer=own))


def augmented(rows: Rows, chance: np.random.Generator) -> Rows:
    """Change a training drawing in every way there is, and fit it into the box again."""
    changed = augment_strongly(random_scale(rows, chance, STRETCH), chance, HOW)
    return boxed(drop_points(changed, chance, DROP))[:LONGEST]


def picks(train: Numbers, lengths: Numbers, seed: int) -> Iterator[Numbers]:
    """Yield batches without end; each epoch shuffled again, batches of drawings of like length."""
    chance = np.random.default_rng(seed)
    while True:
        order = chance.permutation(train)
        pools = [order[k : k + 8 * BATCH] for k in range(0, len(order), 8 * BATCH)]
        sorted_pools = [pool[np.argsort(lengths[pool], kind="stable")] for pool in pools]
        batches = [pool[k : k + BATCH] for pool in sorted_pools for k in range(0, len(pool), BATCH)]
        for place in chance.permutation(len(batches)):
            yield batches[place]


def rate_at(step: int, steps: int) -> float:
    """Rise over the first steps, then fall along a cosine to almost nothing."""
    return RATE * min(1.0, (step + 1) / WARM_UP) * (0.5 * (1 + math.cos(math.pi * step / steps)) + 0.01)


def learn(drawings: list[Rows], labels: Numbers, train: Numbers, args: argparse.Namespace) -> SketchModel:
    """Train what reads and tells apart; what draws stays as it is."""
    torch.manual_seed(args.seed)
    network = network_of(int(labels.max()) + 1)
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, betas=(0.9, 0.98), weight_decay=0.01)
    last, step, seconds = args.out / "last.pt", 0, 0.0
    if last.is_file():
        kept = torch.load(last, map_location="cpu", weights_only=True)
        network.load_state_dict(kept["network"])
        optimiser.load_state_dict(kept["optimiser"])
        step, seconds = kept["step"], kept["seconds"]
    lengths = np.array([len(rows) for rows in drawings])
    for number, some in enumerate(picks(train, lengths, args.seed)):
        if number < step:
            continue
        if step >= args.steps:
            break
        began = time.process_time()
        chance = np.random.default_rng([args.seed, step])
        batch = pad_batch([augmented(drawings[i], chance) for i in some], SCALE)
        for group in optimiser.param_groups:
            group["lr"] = rate_at(step, args.steps)
        optimiser.zero_grad()
        with torch.autocast("cpu", torch.bfloat16):
            logits = network.class_logits(network.encode(batch).mu).float()
        wanted = torch.from_numpy(labels[some])
        loss = cross_entropy(logits, wanted, label_smoothing=SMOOTHING)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        step, seconds = step + 1, seconds + time.process_time() - began
        if step % KEEP_EVERY == 0 or step == args.steps:
            state = {"network": network.state_dict(), "optimiser": optimiser.state_dict()}
            with whole_file(last) as draft:
                torch.save({**state, "step": step, "seconds": seconds}, draft)
            print(f"step {step}: loss {loss:.3f}, {seconds:.0f} s", file=sys.stderr, flush=True)  # noqa: T201
    return network.eval()


def judged(
    model: Model, drawings: list[Rows], labels: Numbers, train: Numbers, test: Numbers
) -> dict[str, float]:
    """Judge the model on the drawings set aside."""
    (z, said), (gallery, _) = (
        (model.encode(some, unit=1.0), model.classify(some, unit=1.0))
        for some in ([Drawing.from_stroke3(drawings[i]) for i in places] for places in (test, train))
    )
    own = labels[test]
    return {
        "top1": top_accuracy(said, own),
        "top5": top_accuracy(said, own, 5),
        "map_train": mean_average_precision(cosine_distances(z, gallery), own, labels[train]),
        "map_test": mean_average_precision(exclude_self(cosine_distances(z, z)), own, own),
        "map_test_by_classes": mean_average_precision(exclude_self(cosine_distances(said, said)), own, own),
    }


# The report --------------------------------------------------------------------------------------


def baseline(
    drawings: list[Rows], labels: Numbers, train: Numbers, test: Numbers
) -> dict[str, dict[str, float]]:
    """Judge every kind of neighbour on the drawings set aside, and on some of the training part."""
    inner, valid = (train[part] for part in shared_out(labels[train], VALID, 1))
    chosen = neighbours(drawings, inner, valid)
    final = neighbours(drawings, train, test)
    return {
        name: {
            "valid_top1": accuracies(chosen[name], labels, inner, valid)["top1"],
            **accuracies(final[name], labels, train, test),
        }
        for name in final
    }


def report(found: dict[str, object], rows: list[tuple[str, dict[str, float]]]) -> str:
    """Lay the figures out as markdown."""
    heads = ("top1", "top5", "map_train", "map_test", "map_test_by_classes")
    lines = [
        "# Sketchformer on QuickDraw's classes",
        "",
        f"{found['classes']} classes, {found['train']} drawings to learn from, {found['test']} set aside; "
        f"{found['weights']} weights read and tell apart, trained {found['steps']} steps of {BATCH} drawings "
        f"in {found['seconds']:.0f} processor seconds.",
        "",
        "| | top-1 | top-5 | mAP in train | mAP in test | the same by class probabilities |",
        "|---|---|---|---|---|---|",
    ]
    for name, figures in rows:
        cells = [f"{100 * figures[head]:.1f} %" if head in figures else "" for head in heads]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    lines += [
        "",
        f"Chosen on training drawings: the neighbour {found['chosen']}. Neighbours compare {POINTS} points "
        "spread evenly along the ink. mAP: every drawing set aside is a query, by the cosine of embeddings "
        "(by distance for neighbours), among the training drawings or among the others set aside.",
        "",
        f"Augmentation: each axis stretched by up to {STRETCH:.0%}, {DROP:.0%} of the points dropped, and "
        f"{', '.join(f'{k} {v:g}' for k, v in asdict(HOW).items())}.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Train, judge and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    drawings, labels, names = read(args.folder)
    train, test = shared_out(labels, TEST, args.seed)
    network = learn(drawings, labels, train, args)
    kept = torch.load(args.out / "last.pt", map_location="cpu", weights_only=True)
    card = Card(
        config=network.config, scale_factor=SCALE, n_max=LONGEST, extent=SIDE, start=(SIDE / 4, SIDE / 4),
        start_reach=SIDE, tolerance=0.0, classes=names, training={"step": kept["step"]},
    )  # fmt: skip
    save_weights(network, card, args.out / "model.safetensors")
    own = judged(Model(network, card), drawings, labels, train, test)
    ways = baseline(drawings, labels, train, test)
    best = max(ways, key=lambda name: ways[name]["valid_top1"])
    reading = [p for name, p in network.named_parameters() if name.split(".")[0] in ("encoder", "classifier")]
    chance = {"top1": 1 / len(names), "top5": min(1.0, 5 / len(names))}
    found: dict[str, object] = {
        "classes": len(names), "train": len(train), "test": len(test), "steps": kept["step"],
        "seconds": kept["seconds"], "weights": sum(p.numel() for p in reading), "chosen": best,
        "sketchformer": own, "neighbours": ways, "chance": chance,
    }  # fmt: skip
    rows = [("chance", chance), *(("neighbour, " + n, w) for n, w in ways.items()), ("Sketchformer", own)]
    write_text(args.out / "report.json", json.dumps(found, indent=1))
    write_text(args.out / "report.md", report(found, rows))


if __name__ == "__main__":
    main()
