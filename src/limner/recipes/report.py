"""Figures of a build.

Letters: ``k`` steps.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limner.corpus.collector import Rejected
from limner.recipes.output import side_file
from limner.recipes.step_stats import LISTED

if TYPE_CHECKING:
    from collections import Counter

    from limner.recipes.output import CorpusSummary
    from limner.recipes.recipe import Recipe
    from limner.recipes.step_stats import StepStats

READ = "read"


@dataclass(frozen=True)
class StepReport:
    """What one step did."""

    step: str
    """Its name; ``read`` for what was read."""
    drawings: int
    """That are left after it."""
    strokes: int
    points: int
    dropped: dict[str, int] = field(default_factory=dict)
    """Drawings that it left out, by reason."""


@dataclass(frozen=True)
class BuildReport:
    """What became of the drawings.

    Parameters
    ----------
    kept : int
        Drawings in the corpus.
    dropped : tuple of Rejected
        Drawings that were left out, each with its source and the reason; the first thousand.
    reasons : dict of str to int
        How many were left out for which reason, the most frequent first.
    splits : dict of str to int
        Drawings of each split.
    n_max : int
        Points of the longest drawing.
    scale_factor : float
        See :func:`limner.corpus.scale.scale_factor`.
    notes : tuple of str
        What was tolerated and assumed, as sentences.
    recipe : str
        Its name.
    steps : tuple of StepReport
        What was read, and what was left after each step.
    failures : dict of str to str
        Files that cannot be read, each with a sentence.
    files : dict of str to str
        What was written beside the corpus: ``report``, ``report_json``, ``recipe`` and ``drawings``.
    """

    kept: int
    dropped: tuple[Rejected, ...]
    reasons: dict[str, int]
    splits: dict[str, int]
    n_max: int
    scale_factor: float
    notes: tuple[str, ...]
    recipe: str
    steps: tuple[StepReport, ...]
    failures: dict[str, str]
    files: dict[str, str]


@dataclass(frozen=True)
class Story:
    """Everything that a build knows at its end."""

    recipe: Recipe
    sources: list[str]
    first: StepStats
    """Of the steps that look at single drawings."""
    whole: StepStats
    """Of those that look at all."""
    second: StepStats
    """Of what comes after, with the examples of what was dropped before."""
    failures: dict[str, str]


def build_report(story: Story, summary: CorpusSummary, notes: tuple[str, ...], out: Path) -> BuildReport:
    """Collect the figures of a build."""
    reasons = story.first.reasons + story.whole.reasons + story.second.reasons
    rejected = [*story.first.rejected, *story.second.rejected][:LISTED]
    by_reason: dict[str, int] = {}
    for (_, reason), n in reasons.items():
        by_reason[reason] = by_reason.get(reason, 0) + n
    return BuildReport(
        kept=sum(summary.splits.values()),
        dropped=tuple(Rejected(one.source, one.reason) for one in rejected),
        reasons=dict(sorted(by_reason.items(), key=lambda item: (-item[1], item[0]))),
        splits=summary.splits,
        n_max=summary.n_max,
        scale_factor=summary.scale_factor,
        notes=notes,
        recipe=story.recipe.name,
        steps=tuple(_steps(story, reasons)),
        failures=story.failures,
        files={
            "report": str(side_file(out, "report.html")),
            "report_json": str(side_file(out, "report.json")),
            "recipe": str(side_file(out, "recipe.toml")),
            "drawings": str(side_file(out, "drawings.csv")),
        },
    )


def _steps(story: Story, reasons: Counter[tuple[int, str]]) -> list[StepReport]:
    counts = (story.first.counts + story.whole.counts + story.second.counts).tolist()
    names = [READ, *(step.name for step in story.recipe.steps)]
    found = []
    for place, (name, (drawings, strokes, points)) in enumerate(zip(names, counts, strict=True), start=-1):
        dropped = {reason: n for (step, reason), n in sorted(reasons.items()) if step == place}
        found.append(StepReport(name, drawings, strokes, points, dropped))
    return found


def histogram_figures(counts: Counter[int]) -> dict[str, Any]:
    """Summarise counts of whole numbers: mean, percentiles, and the counts themselves."""
    total = counts.total()
    if not total:
        return {"n": 0}
    values = sorted(counts)
    summary: dict[str, Any] = {"n": total, "mean": sum(value * n for value, n in counts.items()) / total}
    return (
        summary
        | {name: percentile(counts, share) for name, share in PERCENTILES.items()}
        | {"counts": {str(value): counts[value] for value in values}}
    )


PERCENTILES = {"min": 0.0, "p5": 0.05, "median": 0.5, "p95": 0.95, "max": 1.0}


def percentile(counts: Counter[int], share: float) -> int:
    """Return the smallest number that at least a share ``share`` of all values does not exceed."""
    wanted, seen = share * counts.total(), 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= wanted:
            return value
    raise ValueError("there is nothing to count")
