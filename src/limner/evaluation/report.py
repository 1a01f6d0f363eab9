"""The report of an evaluation: one HTML file with figures and pictures that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from limner import __version__
from limner.corpus.text import counted
from limner.curation.projection_2d import project_2d
from limner.evaluation.context import EvaluationContext
from limner.files import write_text
from limner.render.page import Picture, Table, page, section
from limner.render.png import sheet_to_image
from limner.render.scatter import scatter_chart
from limner.strokes.drawing import Drawing

SHOWN, COLUMNS, PAIRS, CELL_PX = 32, 8, 16, 150
"""Drawings of a sheet, its columns, pairs of a sheet of pairs, and the side of a cell."""
MOST_LATENTS = 1_500
"""Points of the map of latents, for which t-SNE takes some seconds."""
SMALL = 0.01
"""Absolute value below which four decimals have too few digits."""
HEADINGS = ("figure", "", "95 %, or sets", "real against real")

TITLES: dict[str, str] = {
    "recon": "L_R ({convention}, N_max {n_max})",
    "kl": "L_KL",
    "nll_per_point": "NLL per point, model units",
    "nll_per_point_corpus": "NLL per point, units of the corpus",
    "nll_offsets": "of which offsets, model units",
    "nll_pen": "of which the pen",
    "pen_accuracy": "pen states predicted",
    "lift_recall": "lifts found among as many predicted",
    "class_top1": "classes, top 1",
    "class_top5": "classes, top 5",
    "retrieval_map": "retrieval, mean average precision",
    "reconstruction.chamfer": "distance of redrawn ink, of the longer side",
    "reconstruction.chamfer_of_others": "the same to what was made of another drawing",
    "reconstruction.recognised": "redrawn and recognised",
    "generation.fid": "FID",
    "generation.kid": "KID",
    "generation.precision": "precision (k = 5)",
    "generation.recall": "recall (k = 5)",
    "generation.density": "density",
    "generation.coverage": "coverage",
    "generation.recognised": "samples recognised",
    "generation.recognised_real": "drawings of the split recognised",
    "generation.structure.samples.strokes": "strokes: samples from the split, in deviations",
    "generation.structure.samples.points": "points, likewise",
    "generation.structure.samples.ink": "ink, likewise",
    "generation.structure.samples.pen_up": "travel with the pen up, likewise",
    "novelty.nearness": "nearness to training drawings (1: as people's)",
    "novelty.copies": "copies (1 of 100 drawings of people)",
    "latents.latent_active": "numbers of z in use, of {latent_size}",
}
"""Figures in the order of the page, with their titles."""


def write_report(path: Path, figures: dict[str, Any], subject: EvaluationContext, command: str) -> None:
    """Write the report, whole or not at all.

    Parameters
    ----------
    path : Path
        An ``.html`` file.
    figures : dict
        As ``limner evaluate --json`` prints them.
    subject : EvaluationContext
        The model and the drawings that were evaluated.
    command : str
        The command line, which the report quotes.
    """
    title = f"{counted(figures['n'], 'drawing')} of the {figures['split']} split"
    parts = [
        '<p class="soft">limner evaluate</p>',
        f"<h1>{escape(title)}</h1>",
        *_caution(figures),
        Table(HEADINGS, list(_rows(figures))).html(),
        f'<p class="soft">{escape(_protocol(figures))}</p>',
        section("Drawings", "", list(_pictures(figures, subject))),
        section("How to repeat it", "", [f"<pre>{escape(command)}</pre>"]),
        f'<p class="soft">limner {__version__}</p>',
    ]
    write_text(path, page(f"limner evaluate: {title}", parts))


def _caution(figures: dict[str, Any]) -> Iterator[str]:
    """Yield a warning if the model was trained on the drawings."""
    if not figures.get("held_out", True):
        yield (
            "<p>Nothing was set aside: the model was trained on these drawings. The figures tell how well it "
            "fits them, not how well it fits new ones.</p>"
        )


def _rows(figures: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    facts = {**figures, **figures.get("latents", {})}
    for key, title in TITLES.items():
        value = _value_at(figures, key)
        if value is not None:
            yield title.format(**facts), _text(value), _bounds(figures, key), _floor(figures, key)


def _value_at(figures: dict[str, Any], key: str) -> Any:
    """Return the value at a dotted key; None if there is none."""
    value: Any = figures
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _text(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    return f"{value:.4f}" if abs(value) >= SMALL else f"{value:.2g}"


def _bounds(figures: dict[str, Any], key: str) -> str:
    """Return the confidence interval of a figure, or its standard deviation over sets of samples."""
    group, _, name = key.rpartition(".")
    bounds = figures["intervals"].get(key) or _value_at(figures, f"{group}.{name}_interval")
    if bounds:
        return f"{bounds[0]:.4f} to {bounds[1]:.4f}"
    deviation = _value_at(figures, f"{group}.deviation.{name}")
    return "" if deviation is None else f"± {_text(deviation)}"


def _floor(figures: dict[str, Any], key: str) -> str:
    """Return the figure of real drawings against real drawings."""
    group, _, name = key.rpartition(".")
    mean, deviation = (_value_at(figures, f"{group}.{kind}.{name}") for kind in ("floor", "floor_deviation"))
    if mean is None:
        trained = _value_at(figures, key.replace(".samples.", ".training."))
        return f"{trained:.4f}" if trained is not None and ".samples." in key else ""
    return f"{_text(mean)} ± {_text(deviation)}"


def _protocol(figures: dict[str, Any]) -> str:
    """Return what the figures of samples depend on."""
    generation = figures.get("generation")
    if generation is None:
        return ""
    sets = "one set" if generation["seeds"] == 1 else f"{generation['seeds']} sets"
    return (
        f"Samples: {sets} of {generation['set_size']} at temperature {generation['temperature']:g} against "
        f"as many drawings of the split. Protocol {generation['protocol']}; figures of other protocols do "
        f"not compare. Real against real: two sets of that size, mean and deviation over "
        f"{generation['floor_splits']} splits."
    )


# Pictures ----------------------------------------------------------------------------------------


def _pictures(figures: dict[str, Any], subject: EvaluationContext) -> Iterator[str]:
    if "generation" in figures:
        yield _sheet("Samples, as they came", subject.samples[0][:SHOWN])
        yield _sheet("Drawings of the split", subject.real[:SHOWN])
    if "reconstruction" in figures:
        pairs = _interleave(subject.originals[:PAIRS], subject.redrawn[:PAIRS])
        yield _sheet("Drawings, and what the model made of them", pairs)
    if "novelty" in figures:
        caption = "The samples that lie nearest to a training drawing, each beside that drawing"
        yield _sheet(caption, _nearest(subject))
    if "latents" in figures:
        yield _latent_map(subject)


def _interleave(one: Sequence[Drawing], other: Sequence[Drawing]) -> list[Drawing]:
    return [drawing for pair in zip(one, other, strict=True) for drawing in pair]


def _nearest(subject: EvaluationContext) -> list[Drawing]:
    """Return the samples that are closest to a training drawing, each followed by that drawing."""
    novelty = subject.novelty
    if novelty is None:
        return []
    closest = np.argsort(novelty.gaps)[:PAIRS]
    samples = [subject.samples[0][k] for k in closest]
    return _interleave(samples, [subject.training[novelty.nearest[k]] for k in closest])


def _sheet(caption: str, drawings: Sequence[Drawing]) -> str:
    return Picture.of(sheet_to_image(drawings, columns=COLUMNS, cell_px=CELL_PX), caption).html()


def _latent_map(subject: EvaluationContext) -> str:
    """Draw the latents of drawings, projected to the plane by t-SNE and coloured by class."""
    drawings = subject.real[:: -(-len(subject.real) // MOST_LATENTS)]
    z = subject.model.encode(drawings, unit=1.0).cpu().numpy()
    names = sorted({drawing.label or "" for drawing in drawings})
    groups = [names.index(drawing.label or "") for drawing in drawings]
    points = [(float(x), float(y)) for x, y in project_2d(z)]
    caption = "z = mu of the drawings of the split, projected by t-SNE" + (", by class" if names[-1] else "")
    drawn = scatter_chart(points, groups, names, name=caption)
    return f"<figure><figcaption>{caption}</figcaption>{drawn}</figure>"
