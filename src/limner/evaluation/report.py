"""The report of an evaluation: one HTML file with figures and pictures, that needs nothing else."""

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
from limner.render.scatter import scatter
from limner.strokes.drawing import Drawing

SHOWN, COLUMNS, PAIRS, CELL_PX = 32, 8, 16, 150
MOST_PLACES = 1_500
SMALL = 0.01
"""Below it four decimals say too little."""
HEADINGS = ("figure", "", "95 %, or sets", "real against real")

WORDS: dict[str, str] = {
    "recon": "L_R ({convention}, N_max {n_max})",
    "kl": "L_KL",
    "nll_per_point": "NLL per point, model units",
    "nll_per_point_corpus": "NLL per point, units of the corpus",
    "nll_offsets": "of which offsets, model units",
    "nll_pen": "of which the pen",
    "pen_accuracy": "pen states foreseen",
    "lift_recall": "lifts found among as many calls",
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
    "generation.structure.samples.pen_up": "way above the paper, likewise",
    "novelty.nearness": "nearness to training drawings (1: as people's)",
    "novelty.copies": "copies (1 of 100 drawings of people)",
    "latents.latent_active": "numbers of z in use, of {latent_size}",
}
"""What the page calls a figure, in its order."""


def write_report(path: Path, figures: dict[str, Any], subject: EvaluationContext, command: str) -> None:
    """Write the report.

    Parameters
    ----------
    path : Path
        An ``.html`` file.
    figures : dict
        As they are printed with ``--json``.
    subject : EvaluationContext
        What they were taken of.
    command : str
        What was typed.
    """
    title = f"{counted(figures['n'], 'drawing')} of the {figures['split']} split"
    parts = [
        '<p class="soft">limner evaluate</p>',
        f"<h1>{escape(title)}</h1>",
        *_caution(figures),
        Table(HEADINGS, list(_rows(figures))).html(),
        f'<p class="soft">{escape(_protocol(figures))}</p>',
        section("Drawings", "", list(_pictures(figures, subject))),
        section("How to make it again", "", [f"<pre>{escape(command)}</pre>"]),
        f'<p class="soft">limner {__version__}</p>',
    ]
    write_text(path, page(f"limner evaluate: {title}", parts))


def _caution(figures: dict[str, Any]) -> Iterator[str]:
    """Say where the drawings were not set aside."""
    if not figures.get("held_out", True):
        yield (
            "<p>Nothing was set aside: these are drawings to learn from. The figures say how well they are "
            "known, not how well a new one would be.</p>"
        )


def _rows(figures: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    facts = {**figures, **figures.get("latents", {})}
    for key, words in WORDS.items():
        value = _at(figures, key)
        if value is not None:
            yield words.format(**facts), _written(value), _bounds(figures, key), _floor(figures, key)


def _at(figures: dict[str, Any], key: str) -> Any:
    found: Any = figures
    for part in key.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _written(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    return f"{value:.4f}" if abs(value) >= SMALL else f"{value:.2g}"


def _bounds(figures: dict[str, Any], key: str) -> str:
    """Give what the figure may as well be: an interval, or its deviation over sets of samples."""
    group, _, name = key.rpartition(".")
    bounds = figures["intervals"].get(key) or _at(figures, f"{group}.{name}_interval")
    if bounds:
        return f"{bounds[0]:.4f} to {bounds[1]:.4f}"
    deviation = _at(figures, f"{group}.deviation.{name}")
    return "" if deviation is None else f"± {_written(deviation)}"


def _floor(figures: dict[str, Any], key: str) -> str:
    """Give what real drawings reach."""
    group, _, name = key.rpartition(".")
    mean, deviation = (_at(figures, f"{group}.{kind}.{name}") for kind in ("floor", "floor_deviation"))
    if mean is None:
        trained = _at(figures, key.replace(".samples.", ".training."))
        return f"{trained:.4f}" if trained is not None and ".samples." in key else ""
    return f"{_written(mean)} ± {_written(deviation)}"


def _protocol(figures: dict[str, Any]) -> str:
    """Say what the figures of samples depend on."""
    found = figures.get("generation")
    if found is None:
        return ""
    sets = "one set" if found["seeds"] == 1 else f"{found['seeds']} sets"
    return (
        f"Samples: {sets} of {found['set_size']} at temperature {found['temperature']:g} against as many "
        f"drawings of the split. Protocol {found['protocol']}; figures of other protocols do not compare. "
        f"Real against real: two sets of that size, mean and deviation over {found['floor_splits']} splits."
    )


# Pictures ----------------------------------------------------------------------------------------


def _pictures(figures: dict[str, Any], subject: EvaluationContext) -> Iterator[str]:
    if "generation" in figures:
        yield _sheet("Samples, as they came", subject.samples[0][:SHOWN])
        yield _sheet("Drawings of the split", subject.real[:SHOWN])
    if "reconstruction" in figures:
        pairs = _paired(subject.originals[:PAIRS], subject.redrawn[:PAIRS])
        yield _sheet("Drawings, and what the model made of them", pairs)
    if "novelty" in figures:
        caption = "The samples that lie nearest to a training drawing, each beside that drawing"
        yield _sheet(caption, _nearest(subject))
    if "latents" in figures:
        yield _map(subject)


def _paired(one: Sequence[Drawing], other: Sequence[Drawing]) -> list[Drawing]:
    return [drawing for pair in zip(one, other, strict=True) for drawing in pair]


def _nearest(subject: EvaluationContext) -> list[Drawing]:
    found = subject.novelty
    if found is None:
        return []
    places = np.argsort(found.gaps)[:PAIRS]
    samples = [subject.samples[0][k] for k in places]
    return _paired(samples, [subject.training[found.nearest[k]] for k in places])


def _sheet(caption: str, drawings: Sequence[Drawing]) -> str:
    return Picture.of(sheet_to_image(drawings, columns=COLUMNS, cell_px=CELL_PX), caption).html()


def _map(subject: EvaluationContext) -> str:
    """Lay latents out by t-SNE, coloured by class."""
    some = subject.real[:: -(-len(subject.real) // MOST_PLACES)]
    z = subject.model.encode(some, unit=1.0).cpu().numpy()
    names = sorted({drawing.label or "" for drawing in some})
    groups = [names.index(drawing.label or "") for drawing in some]
    places = [(float(x), float(y)) for x, y in project_2d(z)]
    caption = "z = mu of the drawings of the split, laid out by t-SNE" + (", by class" if names[-1] else "")
    return (
        f"<figure><figcaption>{caption}</figcaption>{scatter(places, groups, names, name=caption)}</figure>"
    )
