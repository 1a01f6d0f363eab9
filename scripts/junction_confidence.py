"""Measure how honest the confidence of junctions is: known drawings put on paper, and read again.

    python scripts/junction_confidence.py DATA -n 150 --seed 1
    python scripts/junction_confidence.py DATA -n 600 --seed 7 --fit

DATA is the folder of real drawings (LIMNER_DATA). A junction is right if it pairs its lines as the true
strokes pass there; strokes whose ends touch may be one. With ``--fit`` the weights of
``limner.scan.confidence`` that fit these junctions are printed; measure them with another seed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.scan.ink import any_paper, known_drawings, on_paper
from tests.scan.junction_truth import is_right

from limner.cli.report import say
from limner.scan.confidence import WEIGHTS
from limner.scan.junction_choices import Evidence
from limner.scan.picture import grey_of_image
from limner.scan.scan import scan_grey

SURE = 0.9
BANDS = (0.0, 0.25, 0.5, 0.75, 0.9, 0.97, 1.0)
RIDGE = 5.0
"""Weight of the squares of the weights, in units of the standard deviations of the figures."""


class Judged(NamedTuple):
    """A junction and whether it is right."""

    evidence: Evidence
    confidence: float
    right: bool
    picture: int


def judged(data: Path, n: int, seed: int) -> Iterator[Judged]:
    """Return all junctions of known drawings."""
    rng = np.random.default_rng(seed)
    for number, (kind, drawing) in enumerate(known_drawings(data, n, rng)):
        paper = any_paper(rng)
        image, truth = on_paper(drawing, paper, rng)
        for junction in scan_grey(grey_of_image(image), name=kind).junctions:
            right = is_right(junction, truth, paper.pen_px)
            yield Judged(junction.evidence, junction.confidence, right, number)


def say_honesty(found: list[Judged]) -> None:
    """Say how many are wrong above and below confidences."""
    confidence = np.array([one.confidence for one in found])
    wrong = np.array([not one.right for one in found])
    least_sure = np.argsort(confidence)[: len(found) // 10]
    sure = confidence > SURE
    pictures = {one.picture for one in found}
    say(f"{len(found)} junctions in {len(pictures)} pictures, {wrong.mean():.1%} wrong")
    say(f"confidence above {SURE}: {sure.mean():.1%} of them, {wrong[sure].mean():.2%} of those wrong")
    say(f"of the wrong ones {wrong[least_sure].sum() / wrong.sum():.1%} lie among the least sure tenth")
    for low, high in pairwise(BANDS):
        band = (confidence > low) & (confidence <= high)
        if band.any():
            say(f"  {low:4.2f} to {high:4.2f}: {band.sum():5d} junctions, {1 - wrong[band].mean():.3f} right")


def fitted_weights(figures: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return the weights of a logistic regression with a ridge."""
    deviation = figures.std(axis=0)
    scale = np.where(deviation > 0, deviation, 1.0)
    middle = np.where(deviation > 0, figures.mean(axis=0), 0.0)
    scaled = (figures - middle) / scale
    free = (deviation == 0) & (figures[0] == 1)  # the constant

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        score = scaled @ weights
        held = np.where(free, 0.0, weights)
        value = np.logaddexp(0, score).sum() - (right * score).sum() + RIDGE * (held**2).sum() / 2
        return float(value), scaled.T @ (expit(score) - right) + RIDGE * held

    weights = minimize(loss, np.zeros(figures.shape[1]), jac=True, method="L-BFGS-B").x / scale
    weights[0] -= float(weights @ middle)
    return weights


def say_fit(found: list[Judged]) -> None:
    """Say the weights that fit each kind of junctions."""
    for kind in WEIGHTS:
        own = [one for one in found if one.evidence.kind == kind]
        figures = np.array([one.evidence.figures for one in own])
        weights = fitted_weights(figures, np.array([float(one.right) for one in own]))
        say(f'"{kind}": ({", ".join(f"{weight:.3g}" for weight in weights)}),')


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("-n", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fit", action="store_true")
    args = parser.parse_args()
    found = list(judged(args.data, args.n, args.seed))
    say_honesty(found)
    if args.fit:
        say_fit(found)


if __name__ == "__main__":
    main()
