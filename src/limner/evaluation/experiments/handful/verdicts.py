"""What the trainings say about the preset for hands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from limner.evaluation.experiments.handful.trainings import HandResult
from limner.evaluation.experiments.plan import Claim

HAND, OTHERS = "hand", ("fast", "doodles")
FEW, LEAST = 20, 0.25
"""Drawings of a class, and the share of samples that shall be recognised as it."""


def verdicts(rows: Sequence[HandResult]) -> list[Claim]:
    """Judge the claims that the rows which are there allow to judge; the others are open."""
    return [_likelier(rows), _from_fewer(rows), _recognised(rows)]


def _mean(rows: Sequence[HandResult], start: str, group: str, figure: str) -> float | None:
    values = [r.figures[figure] for r in rows if (r.start, r.group) == (start, group) and figure in r.figures]
    return float(np.mean(values)) if values else None


def _likelier(rows: Sequence[HandResult]) -> Claim:
    gains = {}
    for group in dict.fromkeys(row.group for row in rows):
        own = _mean(rows, HAND, group, "nll")
        others = [nll for start in OTHERS if (nll := _mean(rows, start, group, "nll")) is not None]
        if own is not None and others:
            gains[group] = min(others) - own
    words = "; ".join(f"{group}: {gain:+.3f}" for group, gain in gains.items())
    return Claim(
        "The preset hand makes drawings that were set aside likelier than fast and doodles do, always.",
        all(gain > 0 for gain in gains.values()) if gains else None,
        f"Gain over the better of the two, in nats a point: {words}." if gains else "It was not trained.",
    )


def _from_fewer(rows: Sequence[HandResult]) -> Claim:
    hand, fast = (
        _mean(rows, HAND, "sheep, 100 drawings", "nll"),
        _mean(rows, "fast", "sheep, 1,000 drawings", "nll"),
    )
    known = hand is not None and fast is not None
    return Claim(
        "From 100 sheep the preset hand learns what fast learns from 1,000.",
        hand <= fast if hand is not None and fast is not None else None,
        f"NLL per point {hand:.3f} and {fast:.3f}." if known else "Not both were trained.",
    )


def _recognised(rows: Sequence[HandResult]) -> Claim:
    group = f"five classes, {FEW} drawings"
    shares = {start: _mean(rows, start, group, "recognised") for start in (*OTHERS, HAND)}
    words = "; ".join(f"{start} {share:.0%}" for start, share in shares.items() if share is not None)
    own = shares[HAND]
    return Claim(
        f"From {FEW} drawings of a class at least {LEAST:.0%} of what hand draws is recognised as it.",
        None if own is None else own >= LEAST,
        f"Recognised: {words}." if words else "Nothing was trained.",
    )
