"""What the verdicts of several experiments have in common."""

from __future__ import annotations

from collections.abc import Sequence

from limner.evaluation.experiments.plan import Claim
from limner.evaluation.experiments.results import Results

NLL = "valid_nll_per_point"
NLL_TITLE = "NLL per point in validation, nats in model units"


def agreed(seeds: Sequence[bool]) -> bool | None:
    """Give what all seeds say; None where they do not agree."""
    return seeds[0] if len(set(seeds)) == 1 else None


def listed(values: Sequence[float], pattern: str = ".4f") -> str:
    """Set numbers behind each other, one a seed."""
    return ", ".join(format(value, pattern) for value in values)


def likelier(results: Results, text: str, plain: str, other: str) -> Claim:
    """Judge the claim that a variant's best NLL per point in validation is below another's.

    Parameters
    ----------
    results : Results
    text : str
        The claim, with its source.
    plain, other : str
        Variants; the other is said to be likelier.
    """
    before, after = (results.each(name, lambda curves: curves[NLL].least) for name in (plain, other))
    gains = [a - b for a, b in zip(before, after, strict=True)]
    return Claim(
        text,
        agreed([gain > 0 for gain in gains]),
        f"Best NLL per point {listed(before)} ({plain}) and {listed(after)} ({other}); gain a seed: "
        f"{listed(gains, '+.4f')} nats.",
    )
