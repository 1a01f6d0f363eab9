"""Measure how well a conditional model redraws, uses z and morphs.

    python scripts/latent_quality.py MODEL CORPUS [--sheet morphs.png]

Takes a model (a file, a run or a shipped name) and a corpus whose drawings have classes. Prints, for each
way to sample, the Chamfer distance of redrawn drawings to their originals, to another drawing's redrawing,
and the ratio of the two; how many numbers of z are in use; and of morphs between drawings of two classes the
largest step over the median one, and of ends that the protocol's encoder recognises the share that it still
recognises when they are redrawn.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from limner.corpus.load import load_corpus
from limner.evaluation.protocol.encoder import shipped_encoder
from limner.evaluation.quality.chamfer import relative_chamfer
from limner.evaluation.reconstruction import centred, reconstruction_distances
from limner.models.batch import pad_batch
from limner.render.sheet import sheet
from limner.sampling.config import SamplingConfig
from limner.sampling.interpolate import interpolate_latents
from limner.sampling.model import Model, load_model
from limner.sampling.page_frame import to_model_rows
from limner.strokes.drawing import Drawing

WAYS = {
    "greedy": SamplingConfig(greedy=True),
    "T 0.1": SamplingConfig(0.1),
    "logits 1, top-p 0.5, offsets 0.01": SamplingConfig(1.0, top_p=0.5, offset_temperature=0.01),
    "logits 1, top-p 0.9, offsets 0.1": SamplingConfig(1.0, top_p=0.9, offset_temperature=0.1),
}
STEPS, LEAST_KL = 12, 0.01
"""Steps of a morph, its ends included; nats from which on a number of z is in use."""
PAIRS = (("cat", "bus"), ("face", "flower"), ("cat", "dog"), ("octopus", "spider"), ("pig", "sheep"),
         ("truck", "snail"), ("castle", "barn"), ("whale", "duck"))  # fmt: skip
"""What the sheet shows, as far as the corpus has it."""


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")


def drawings_of(path: Path, split: str) -> list[Drawing]:
    """Return the drawings of a split."""
    corpus = load_corpus(path)
    return [corpus.drawing(split, k) for k in range(len(corpus.splits[split]))]


def kl_of_numbers(model: Model, drawings: Sequence[Drawing]) -> NDArray[np.float64]:
    """Return the KL of each number of z in nats, averaged over drawings, ``(Z,)``."""
    rows = [to_model_rows(d, model.frame(d, 1.0)) for d in drawings]
    with torch.no_grad():
        found = model.network.encode(pad_batch(rows, 1.0)).kl_of_numbers().mean(0)
    each: NDArray[np.float64] = found.double().numpy()
    return each


def report_redrawing(model: Model, drawings: Sequence[Drawing], ways: Sequence[str]) -> None:
    """Print the distances of every way to sample."""
    for name in ways:
        found = reconstruction_distances(
            drawings, model.reconstruct(drawings, sampling_config=WAYS[name], unit=1.0)
        )
        own, other = found.own.mean(), found.shifted.mean()
        say(
            f"redrawn ({name}): {own:.4f} (median {np.median(found.own):.4f}), another's {other:.4f}, "
            f"ratio {own / other:.3f}"
        )


def morphs(
    model: Model, pairs: Sequence[tuple[Drawing, Drawing]], way: SamplingConfig
) -> list[list[Drawing]]:
    """Return a morph of every pair, both ends included; all steps from one seed."""
    z = model.encode([d for pair in pairs for d in pair], unit=1.0)
    path = torch.stack([interpolate_latents(z[k], z[k + 1], STEPS, "slerp") for k in range(0, len(z), 2)])
    if way.greedy:
        flat = model.decode(path.flatten(0, 1), sampling_config=way)
    else:
        flat = [model.decode(one[None], sampling_config=way)[0] for one in path.flatten(0, 1)]
    return [flat[k : k + STEPS] for k in range(0, len(flat), STEPS)]


def recognised(drawings: Sequence[Drawing], labels: Sequence[str | None], top: int) -> NDArray[np.bool_]:
    """Return of which drawings the label is among the likeliest classes."""
    judge = shipped_encoder()
    ranked = np.argsort(-judge.scores(judge.features(drawings)), axis=1)[:, :top]  # (n, top)
    names = np.array(judge.classes)[ranked]
    return np.array([label in row for label, row in zip(labels, names, strict=True)])


def known_pairs(drawings: Sequence[Drawing], n: int, seed: int) -> list[tuple[Drawing, Drawing]]:
    """Choose pairs of drawings of two classes, which the protocol's encoder recognises as they are."""
    chance = np.random.default_rng(seed)
    some = [drawings[k] for k in chance.permutation(len(drawings))[: 6 * n]]
    known = [d for d, yes in zip(some, recognised(some, [d.label for d in some], 1), strict=True) if yes]
    if len({d.label for d in known}) < 2:
        raise SystemExit("Drawings of two classes that the encoder recognises are wanted.")
    pairs: list[tuple[Drawing, Drawing]] = []
    while len(pairs) < n:
        a, b = chance.choice(len(known), 2, replace=False)
        if known[a].label != known[b].label:
            pairs.append((known[a], known[b]))
    return pairs


def report_morphs(model: Model, drawings: Sequence[Drawing], n: int, seed: int, way: str) -> None:
    """Print how even morphs are and how often their ends are recognised."""
    pairs = known_pairs(drawings, n, seed)
    found = morphs(model, pairs, WAYS[way])
    middle = [[centred(d) for d in one] for one in found]
    steps = np.array([[relative_chamfer(a, b) for a, b in pairwise(one)] for one in middle])  # (n, STEPS - 1)
    uneven = steps.max(axis=1) / np.median(steps, axis=1)
    say(
        f"morphs ({way}): largest step over the median one {np.median(uneven):.2f} in the median pair, "
        f"{uneven.mean():.2f} in the mean, at most 3 in {np.mean(uneven <= 3):.0%} of {n}; median step "
        f"{np.median(steps):.4f}"
    )
    redrawn = [d for morph in found for d in (morph[0], morph[-1])]
    labels = [d.label for pair in pairs for d in pair]
    shares = [recognised(redrawn, labels, top).mean() for top in (1, 5)]
    say(f"redrawn ends recognised: {shares[0]:.0%}, among the likeliest five {shares[1]:.0%}")


def write_sheet(model: Model, drawings: Sequence[Drawing], path: Path, way: str) -> None:
    """Write morphs of pairs of classes, between the drawings that they begin and end with."""
    first: dict[str, Drawing] = {}
    for d in drawings:
        first.setdefault(str(d.label), d)
    pairs = [(first[a], first[b]) for a, b in PAIRS if a in first and b in first]
    rows = [
        d
        for pair, one in zip(pairs, morphs(model, pairs, WAYS[way]), strict=True)
        for d in (pair[0], *one, pair[1])
    ]
    sheet([centred(d) for d in rows], columns=STEPS + 2, cell_px=110).save(path)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--split", default="valid")
    parser.add_argument("--drawings", type=int, default=300)
    parser.add_argument("--pairs", type=int, default=50)
    parser.add_argument("--ways", nargs="+", default=list(WAYS), choices=list(WAYS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sheet", type=Path)
    args = parser.parse_args()
    model, every = load_model(args.model), drawings_of(args.corpus, args.split)
    chosen = every[:: -(-len(every) // args.drawings)]
    each = kl_of_numbers(model, chosen)
    say(f"{np.sum(each > LEAST_KL)} of {len(each)} numbers of z in use, {each.sum():.0f} nats")
    report_redrawing(model, chosen, args.ways)
    if args.pairs:
        report_morphs(model, every, args.pairs, args.seed, args.ways[0])
    if args.sheet:
        write_sheet(model, every, args.sheet, args.ways[0])


if __name__ == "__main__":
    main()
