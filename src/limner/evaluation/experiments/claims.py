"""Claims that several experiments judge in the same way."""

from __future__ import annotations

from collections.abc import Sequence

from limner.evaluation.experiments.plan import Claim
from limner.evaluation.experiments.results import ExperimentResults

NLL = "valid_nll_per_point"
NLL_TITLE = "NLL per point in validation, nats in model units"


def agreed(seeds: Sequence[bool]) -> bool | None:
    """Return the verdict of all seeds; None if they disagree."""
    return seeds[0] if len(set(seeds)) == 1 else None


def listed(values: Sequence[float], pattern: str = ".4f") -> str:
    """Return numbers as a list in words, one for each seed."""
    return ", ".join(format(value, pattern) for value in values)


def likelier(results: ExperimentResults, text: str, plain: str, other: str) -> Claim:
    """Judge the claim that a variant's best NLL per point in validation is below another's.

    Parameters
    ----------
    results : ExperimentResults
    text : str
        The claim, with its source.
    plain, other : str
        Variants; the claim is that the second one is likelier.
    """
    before, after = (results.each(name, lambda curves: curves[NLL].minimum) for name in (plain, other))
    gains = [a - b for a, b in zip(before, after, strict=True)]
    return Claim(
        text,
        agreed([gain > 0 for gain in gains]),
        f"Best NLL per point {listed(before)} ({plain}) and {listed(after)} ({other}); gain a seed: "
        f"{listed(gains, '+.4f')} nats.",
    )
