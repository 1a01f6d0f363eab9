"""Sentences that every build reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limner.corpus.corpus import SPLIT_NAMES
from limner.corpus.text import counted
from limner.errors import quote_list

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from limner.recipes.columns import Columns
    from limner.recipes.recipe import Recipe
    from limner.recipes.stages import SplitChoice
    from limner.recipes.step_stats import StepStats


def shared_out(recipe: Recipe, columns: Columns, choice: SplitChoice) -> list[str]:
    """Describe how drawings without a split were assigned to splits."""
    free = (columns.split < 0) & (choice.splits >= 0)
    sizes = [(name, int((choice.splits[free] == code).sum())) for code, name in enumerate(SPLIT_NAMES)]
    if not free.any():
        return []
    numbers = quote_list([f"{n:,} {name}" for name, n in sizes if n])
    return [f"Drawings without a split were shared out with seed {recipe.seed}: {numbers}."]


def nothing_left(sources: Sequence[str | Path], stats: StepStats, failures: dict[str, str]) -> str:
    """Describe why no drawing is left."""
    places = ", ".join(map(str, sources))
    if failures and not stats.reasons:
        return f"{places}: no file can be read. {next(iter(failures.values()))}"
    if not stats.reasons:
        return f"{places}: there are no drawings."
    (_, reason), _ = stats.reasons.most_common(1)[0]
    dropped = counted(stats.reasons.total(), "drawing")
    return f"{places}: no drawing is left; {dropped} dropped, most often because {reason.rstrip('.')}."
