"""Show what the recipe slml-minn10 makes of look_i16, beside what the Single-Line project published.

    python scripts/slml_minn10.py DATA --out minn10.html

DATA is the folder of real drawings (LIMNER_DATA). The page has the distributions of strokes and points of
look_i16, of the recipe applied to it, and of look_i16__minn10_epsilon1, which was made from SVG files that
are not public; and, to show why the unit matters, of a rule that counts stored points.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from html import escape
from pathlib import Path

import numpy as np

from limner.cli.report import say, table
from limner.corpus.corpus import Split
from limner.corpus.load import load_corpus
from limner.files import write_text
from limner.recipes.batch import RecipeBatch
from limner.recipes.build import build
from limner.recipes.recipe import Recipe, load_recipe
from limner.recipes.report import percentile
from limner.recipes.report_page import picture
from limner.recipes.step_stats import Histogram
from limner.recipes.steps.geometry import SimplifyStep
from limner.recipes.steps.size import ShortStrokesStep
from limner.render.histogram import histogram_chart
from limner.render.page import page

STORED = Recipe(
    "stored-points", "Counts stored points.", 0, (ShortStrokesStep(min_points=10), SimplifyStep(epsilon=1.0))
)
SHOWN = 12
PLOTS = "display:grid;gap:2rem;grid-template-columns:repeat(auto-fit,minmax(18rem,1fr));margin-top:1rem"


def made(source: Path, recipe: Recipe) -> Split:
    """Return the train split of what a recipe makes of a corpus."""
    with tempfile.TemporaryDirectory() as folder:
        build([source], Path(folder) / "corpus.parquet", recipe=recipe)
        return load_corpus(Path(folder) / "corpus.parquet").splits["train"]


def comparison(columns: dict[str, tuple[str, Split]]) -> str:
    """Return the page: for each corpus its name, a sentence about it, and its drawings."""
    found = {name: histogram(split) for name, (_, split) in columns.items()}
    roles = {name: "after" if place % 2 else "before" for place, name in enumerate(found)}
    plots = [
        histogram_chart([(roles[name], getattr(one, field)) for name, one in found.items()], title)
        for field, title in (("strokes", "strokes of a drawing"), ("points", "points of a drawing"))
    ]
    parts = [
        f"<h1>minn10</h1><p>{escape(__doc__.split(chr(10))[0])}</p>",
        '<section><div class="scroll"><table>',
    ]
    heads = ("corpus", "drawings", "strokes: mean, and 5 / 50 / 95 %", "points: mean, and 5 / 50 / 95 %")
    parts.append(f"<tr>{''.join(f'<th>{head}</th>' for head in heads)}</tr>")
    for name, (text, split) in columns.items():
        cells = (f"{name}<small>{escape(text)}</small>", *figures(found[name], len(split)))
        parts.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    parts.append(f"</table></div></section><section><h2>From above: {escape(', '.join(found))}</h2>")
    parts.append(f'<div style="{PLOTS}">{"".join(plots)}</div></section>')
    for name, (_, split) in columns.items():
        chosen = np.linspace(0, len(split) - 1, SHOWN).astype(int).tolist()
        cards = "".join(card(split, i) for i in chosen)
        parts.append(f'<section><h2>{escape(name)}</h2><div class="wall">{cards}</div></section>')
    return page("minn10", ["".join(parts)])


def card(split: Split, i: int) -> str:
    """Draw one drawing."""
    caption = f"<figcaption>{escape(split.sources[i])}</figcaption>"
    return f"<figure>{picture(split[i], split.sources[i])}{caption}</figure>"


def histogram(split: Split) -> Histogram:
    """Count strokes and points."""
    return Histogram.of(RecipeBatch.of(split).counts())


def figures(counts: Histogram, n: int) -> tuple[str, ...]:
    """Return the number of drawings, and mean and median of their strokes and points."""
    return (f"{n:,}", *(_spread(one) for one in (counts.strokes, counts.points)))


def _spread(counts: Counter[int]) -> str:
    mean = sum(value * n for value, n in counts.items()) / counts.total()
    middle = [percentile(counts, share) for share in (0.05, 0.5, 0.95)]
    return f"{mean:.1f}<small>{middle[0]} / {middle[1]} / {middle[2]}</small>"


def main() -> None:
    """Build, say the figures and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=Path("minn10.html"))
    args = parser.parse_args()
    look = args.data / "stroke3" / "look_i16.npz"
    published = args.data / "stroke3" / "look_i16__minn10_epsilon1.npz"
    columns = {
        "look_i16": ("as it was published", load_corpus(look).splits["train"]),
        "slml-minn10": ("the recipe applied to it", made(look, load_recipe("slml-minn10"))),
        "look_i16__minn10_epsilon1": (
            "as it was published, made from SVG files that are not public",
            load_corpus(published).splits["train"],
        ),
        "stored points": (
            "for comparison: strokes of fewer than 10 stored points left out",
            made(look, STORED),
        ),
    }
    rows = [("corpus", "drawings", "strokes", "points")]
    for name, (_, split) in columns.items():
        rows.append((name, str(len(split)), f"{split.strokes_mean:.1f}", f"{split.lengths.mean():.1f}"))
    say(table(rows))
    write_text(args.out, comparison(columns))
    say(str(args.out))


if __name__ == "__main__":
    main()
