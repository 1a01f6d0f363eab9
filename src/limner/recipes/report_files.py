"""The files that a build writes beside its corpus."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limner._version import __version__
from limner.files import whole_file
from limner.recipes.report import histogram_figures
from limner.recipes.report_page import report_page

if TYPE_CHECKING:
    from contextlib import ExitStack

    from limner.recipes.report import BuildReport, Story
    from limner.recipes.step_stats import Histogram


def write_report(report: BuildReport, story: Story, out: Path, stack: ExitStack) -> None:
    """Write the report as a page and as JSON, and the recipe; they appear when the stack is closed.

    Raises
    ------
    LimnerError
        If a file cannot be written.
    """
    recipe = story.recipe.to_toml(beside=out.parent)
    summary = json.dumps(report_figures(report, story, out), indent=1, ensure_ascii=False)
    texts = {
        "recipe": recipe,
        "report_json": summary + "\n",
        "report": report_page(report, story, recipe, out),
    }
    for name, text in texts.items():
        draft = stack.enter_context(whole_file(report.files[name]))
        draft.write_text(text, encoding="utf-8", errors="backslashreplace")


def report_figures(report: BuildReport, story: Story, out: Path) -> dict[str, Any]:
    """Return the content of ``corpus.report.json``."""
    facts = asdict(report) | {"recipe": story.recipe.to_dict(beside=out.parent)}
    return {
        "limner": __version__,
        "corpus": out.name,
        "sources": story.sources,
        **facts,
        "histograms": {"before": _figures(story.first.before), "after": _figures(story.second.after)},
    }


def _figures(histogram: Histogram) -> dict[str, Any]:
    return {
        "strokes_of_a_drawing": histogram_figures(histogram.strokes),
        "points_of_a_drawing": histogram_figures(histogram.points),
        "points_of_a_stroke": histogram_figures(histogram.stroke_points),
    }
