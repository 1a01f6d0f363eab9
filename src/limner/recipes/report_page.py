"""The report as a page: one HTML file that needs nothing else, light or dark, on wide and small screens."""

from __future__ import annotations

import shlex
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from limner.corpus.text import counted
from limner.errors import quote_list
from limner.recipes.recipe import AS_IT_IS
from limner.recipes.steps.base import CopyStep
from limner.render.histogram import histogram_chart
from limner.render.page import fill_template
from limner.render.thumbnail import thumbnail
from limner.strokes.formats import stroke3_to_polylines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from limner.recipes.report import BuildReport, Story
    from limner.recipes.step_stats import Example
    from limner.recipes.steps.base import Step

TEMPLATE = Path(__file__).with_name("report.html")
HIDDEN_SETTINGS = ("found", "sha256")
"""Settings that say nothing to people."""
MOST_REASONS = 20
"""Reasons for dropping that are listed, the most frequent ones."""
MOST_DROPPED = 12
"""Dropped drawings that are shown for each reason."""
INKS = 8
"""Colours of strokes, one after another."""


class _DrawingCard(NamedTuple):
    """Pictures of one drawing side by side, as SVG elements, and the drawing's source."""

    pictures: Sequence[str]
    caption: str
    kind: str = ""


class _Wall(NamedTuple):
    title: str
    text: str
    cards: Sequence[_DrawingCard]
    pairs: bool


class _Reason(NamedTuple):
    """Why drawings were dropped, how many, by which step, and some of them."""

    n: int
    text: str
    step: str
    cards: Sequence[_DrawingCard]
    sources: Sequence[str]


class _Row(NamedTuple):
    """A step in the table; ``means`` are strokes and points of a drawing, with their share of the largest."""

    name: str
    settings: str
    drawings: int
    lost: int
    means: Sequence[tuple[float, float]]


def report_page(report: BuildReport, story: Story, recipe: str, out: Path) -> str:
    """Return the page.

    Parameters
    ----------
    report : BuildReport
    story : Story
    recipe : str
        As TOML.
    out : Path
        The corpus.
    """
    return fill_template(
        TEMPLATE,
        title=out.name,
        summary=_summary(report, story),
        facts=_facts(report),
        steps=list(_rows(report, story)),
        plots=list(_plots(story)),
        walls=list(_walls(story)),
        dropped=list(_reasons(report, story)),
        lists={"Files that cannot be read": list(report.failures.values()), "Notes": report.notes},
        recipe=recipe.strip(),
        command=_command(story, report, out),
    )


def _summary(report: BuildReport, story: Story) -> str:
    read = report.steps[0].drawings
    names = quote_list(story.sources[:3] + ([f"{len(story.sources) - 3} more"] if story.sources[3:] else []))
    copied = any(isinstance(step, CopyStep) for step in story.recipe.steps)
    copies = ", copies among them," if copied else ""
    made = f"{counted(report.kept, 'drawing')}{copies} out of {read:,} from {names}"
    recipe = story.recipe
    if recipe.name == AS_IT_IS and not recipe.steps:
        return f"{made}. Nothing was changed about them."
    return f"{made}, by the recipe {recipe.name}. {recipe.description}"


def _facts(report: BuildReport) -> dict[str, str]:
    last = report.steps[-1]
    facts = {name: f"{n:,}" for name, n in report.splits.items()}
    if last.drawings:
        facts["strokes of a drawing"] = f"{last.strokes / last.drawings:.1f}"
        facts["points of a drawing"] = f"{last.points / last.drawings:.1f}"
    return facts | {"N_max": f"{report.n_max:,}", "scale factor": f"{report.scale_factor:.4f}"}


def _rows(report: BuildReport, story: Story) -> Iterator[_Row]:
    steps: list[Step | None] = [None, *story.recipe.steps]
    means = [(s.strokes / max(s.drawings, 1), s.points / max(s.drawings, 1)) for s in report.steps]
    largest = [max(column) or 1.0 for column in zip(*means, strict=True)]
    for step, done, mean in zip(steps, report.steps, means, strict=True):
        shares = [(value, value / top) for value, top in zip(mean, largest, strict=True)]
        yield _Row(done.step, _settings(step), done.drawings, sum(done.dropped.values()), shares)


def _settings(step: Step | None) -> str:
    """Return the settings of a step that are not empty."""
    if step is None:
        return ""
    named = ((field.name.replace("_", " "), getattr(step, field.name)) for field in fields(step))
    shown = [
        (name, value)
        for name, value in named
        if value not in (None, (), "", False, {}) and name not in HIDDEN_SETTINGS
    ]
    return ", ".join(name if value is True else f"{name} {_value(value)}" for name, value in shown)


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)[:40]


def _plots(story: Story) -> Iterator[str]:
    before, after = story.first.before, story.second.after
    for name, read, kept in (
        ("strokes of a drawing", before.strokes, after.strokes),
        ("points of a drawing", before.points, after.points),
        ("points of a stroke", before.stroke_points, after.stroke_points),
    ):
        yield histogram_chart([("before", read), ("after", kept)], name)


def _walls(story: Story) -> Iterator[_Wall]:
    kept = _as_read(story.second.kept, story.first.kept)
    changed = any(not np.array_equal(example.before, example.after) for example in kept)
    if kept and changed:
        text = "In grey as they were read, in colour as they are now: each stroke has a colour."
        yield _Wall("Kept", text, list(map(_pair, kept)), True)
    elif kept:
        yield _Wall("Kept", "Each stroke has a colour.", list(map(_single, kept)), False)
    if story.second.copies:
        text = "Drawings of the train split in grey, and one of the copies that were made of each."
        yield _Wall("Copies", text, list(map(_pair, story.second.copies)), True)


def _reasons(report: BuildReport, story: Story) -> Iterator[_Reason]:
    reasons = story.first.reasons + story.whole.reasons + story.second.reasons
    for (index, text), n in reasons.most_common(MOST_REASONS):
        key = (index, text)
        examples = [*story.first.dropped.get(key, ()), *story.second.dropped.get(key, ())]
        cards = [_single(example, "gone") for example in examples[:MOST_DROPPED]]
        sources = [one.source for one in report.dropped if one.reason == text]
        yield _Reason(n, text, report.steps[index + 1].step, cards, sources[:MOST_DROPPED])


def _pair(example: Example) -> _DrawingCard:
    before = picture(example.before, f"{example.source} as read", "read", example.box)
    return _DrawingCard([before, picture(example.after, example.source)], example.source)


def _single(example: Example, kind: str = "") -> _DrawingCard:
    return _DrawingCard([picture(example.after, example.source)], example.source, kind)


def picture(
    rows: NDArray[np.float32], name: str, kind: str = "", frame: Sequence[float] | None = None
) -> str:
    """Return stroke-3 rows of shape ``(n, 3)`` as an SVG element, each stroke in a colour of its own."""
    strokes = stroke3_to_polylines(rows)
    classes = [f'class="s{k % INKS}"' for k in range(len(strokes))]
    return thumbnail(strokes, classes, name=name or "a drawing", kind=kind, frame=frame)


def _as_read(kept: Sequence[Example], read: Sequence[Example]) -> list[Example]:
    """Return the drawings of the corpus beside what was read, where that is remembered."""
    known = {example.source: example for example in read}
    return [example._replace(before=known.get(example.source, example).before) for example in kept]


def _command(story: Story, report: BuildReport, out: Path) -> str:
    recipe = Path(report.files["recipe"]).name
    words = ["limner", "build", *story.sources, "--recipe", recipe, "--out", out.name]
    return shlex.join(words)
