"""The report as a page: one HTML file that needs nothing else, light or dark, on wide and small screens."""

from __future__ import annotations

import shlex
from dataclasses import fields
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.text import counted
from limner.errors import quote_list
from limner.recipes.recipe import AS_IT_IS
from limner.recipes.report_plots import histograms, ink_rules, picture
from limner.recipes.steps.base import CopyStep

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from limner.recipes.report import BuildReport, Story
    from limner.recipes.step_stats import Example
    from limner.recipes.steps.base import Step

TEMPLATE = Path(__file__).with_name("report.html")
HIDDEN = ("found", "sha256")  # settings that say nothing to people
REASONS = 20  # that are shown with drawings
GONE = 12  # drawings that are shown for each


def report_page(report: BuildReport, story: Story, recipe: str, out: Path) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    report : BuildReport
    story : Story
    recipe : str
        As TOML.
    out : Path
        The corpus.
    """
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        title=escape(out.name),
        summary=escape(_summary(report, story)),
        facts="\n".join(_facts(report)),
        steps="\n".join(_steps(report, story)),
        plots="\n".join(_plots(story)),
        walls="\n".join(_walls(report, story)),
        notes="\n".join(_notes(report)),
        recipe=escape(recipe.strip()),
        command=escape(_command(story, report, out)),
        inks=ink_rules(),
    )


def _summary(report: BuildReport, story: Story) -> str:
    read = report.steps[0].drawings
    places = quote_list(story.sources[:3] + ([f"{len(story.sources) - 3} more"] if story.sources[3:] else []))
    copied = any(isinstance(step, CopyStep) for step in story.recipe.steps)
    copies = ", copies among them," if copied else ""
    made = f"{counted(report.kept, 'drawing')}{copies} out of {read:,} from {places}"
    recipe = story.recipe
    if recipe.name == AS_IT_IS and not recipe.steps:
        return f"{made}. Nothing was changed about them."
    return f"{made}, by the recipe {recipe.name}. {recipe.description}"


def _facts(report: BuildReport) -> Iterator[str]:
    last = report.steps[-1]
    facts = {name: f"{n:,}" for name, n in report.splits.items()}
    if last.drawings:
        facts["strokes of a drawing"] = f"{last.strokes / last.drawings:.1f}"
        facts["points of a drawing"] = f"{last.points / last.drawings:.1f}"
    facts["N_max"] = f"{report.n_max:,}"
    facts["scale factor"] = f"{report.scale_factor:.4f}"
    for name, value in facts.items():
        yield f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>"


def _steps(report: BuildReport, story: Story) -> Iterator[str]:
    steps: list[Step | None] = [None, *story.recipe.steps]
    means = [(s.strokes / max(s.drawings, 1), s.points / max(s.drawings, 1)) for s in report.steps]
    most = [max(column) or 1.0 for column in zip(*means, strict=True)]
    for step, done, mean in zip(steps, report.steps, means, strict=True):
        settings = f"<small>{escape(_settings(step))}</small>" if step else ""
        lost = sum(done.dropped.values())
        cells = [
            f"{escape(done.step)}{settings}",
            f"{done.drawings:,}",
            f'<span class="lost">{lost:,}</span>' if lost else "",
            *(
                f'{value:,.1f}<span class="bar" style="width:{100 * value / top:.0f}%"></span>'
                for value, top in zip(mean, most, strict=True)
            ),
        ]
        yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _settings(step: Step) -> str:
    """Return the settings that are in effect: those that are not empty."""
    named = ((field.name.replace("_", " "), getattr(step, field.name)) for field in fields(step))
    shown = [
        (name, value)
        for name, value in named
        if value not in (None, (), "", False, {}) and name not in HIDDEN
    ]
    return ", ".join(name if value is True else f"{name} {_value(value)}" for name, value in shown)


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)[:40]


def _plots(story: Story) -> Iterator[str]:
    before, after = story.first.before, story.second.after
    for name, one, two in (
        ("strokes of a drawing", before.strokes, after.strokes),
        ("points of a drawing", before.points, after.points),
        ("points of a stroke", before.stroke_points, after.stroke_points),
    ):
        yield histograms([("before", one), ("after", two)], name)


def _walls(report: BuildReport, story: Story) -> Iterator[str]:
    kept = _as_read(story.second.kept, story.first.kept)
    changed = any(_differ(example) for example in kept)
    if kept:
        text = (
            "In grey as they were read, in colour as they are now: each stroke has a colour."
            if changed
            else ("Each stroke has a colour.")
        )
        cards = [_pair(example) if changed else _single(example) for example in kept]
        yield _wall("Kept", text, cards, "pairs" if changed else "")
    if story.second.copies:
        text = "Drawings of the train split in grey, and one of the copies that were made of each."
        yield _wall("Copies", text, map(_pair, story.second.copies), "pairs")
    gone = list(_gone(report, story))
    if gone:
        yield "<section>\n<h2>Left out</h2>\n<p>As they were when they were left out.</p>"
        yield from gone
        yield "</section>"


def _gone(report: BuildReport, story: Story) -> Iterator[str]:
    reasons = story.first.reasons + story.whole.reasons + story.second.reasons
    for (place, reason), n in reasons.most_common(REASONS):
        examples = [
            *story.first.dropped.get((place, reason), ()),
            *story.second.dropped.get((place, reason), ()),
        ]
        step = report.steps[place + 1].step
        yield f"<h3><b>{n:,}</b> {escape(reason)} <small>{escape(step)}</small></h3>"
        if examples:
            cards = "\n".join(_single(example, "gone") for example in examples[:GONE])
            yield f'<div class="wall">\n{cards}\n</div>'
        else:
            sources = [one.source for one in report.dropped if one.reason == reason]
            yield f"<ul>{''.join(f'<li>{escape(source)}</li>' for source in sources[:GONE])}</ul>"


def _wall(title: str, text: str, cards: Iterable[str], kind: str) -> str:
    inside = "\n".join(cards)
    return (
        f'<section>\n<h2>{title}</h2>\n<p>{text}</p>\n<div class="wall {kind}">\n{inside}\n</div>\n</section>'
    )


def _pair(example: Example) -> str:
    before = picture(example.before, box=example.box, faint=True, name=f"{example.source} as read")
    after = picture(example.after, name=example.source)
    caption = f"<figcaption>{escape(example.source)}</figcaption>"
    return f'<figure class="card"><div class="pair">{before}{after}</div>{caption}</figure>'


def _single(example: Example, kind: str = "") -> str:
    drawn = picture(example.after, name=example.source)
    return f'<figure class="card {kind}">{drawn}<figcaption>{escape(example.source)}</figcaption></figure>'


def _as_read(kept: Sequence[Example], read: Sequence[Example]) -> list[Example]:
    """Return drawings of the corpus beside what was read, for those that were recorded."""
    known = {example.source: example for example in read}
    return [example._replace(before=known.get(example.source, example).before) for example in kept]


def _differ(example: Example) -> bool:
    return not np.array_equal(example.before, example.after)


def _notes(report: BuildReport) -> Iterator[str]:
    if report.failures:
        items = "".join(f"<li>{escape(sentence)}</li>" for sentence in report.failures.values())
        yield f"<section>\n<h2>Files that cannot be read</h2>\n<ul>{items}</ul>\n</section>"
    if report.notes:
        items = "".join(f"<li>{escape(note)}</li>" for note in report.notes)
        yield f"<section>\n<h2>Notes</h2>\n<ul>{items}</ul>\n</section>"


def _command(story: Story, report: BuildReport, out: Path) -> str:
    recipe = Path(report.files["recipe"]).name
    words = ["limner", "build", *story.sources, "--recipe", recipe, "--out", out.name]
    return shlex.join(words)
