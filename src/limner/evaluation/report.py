"""The report of an evaluation: one HTML file with figures and pictures, without links to other files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from limner._version import __version__
from limner.corpus.text import counted
from limner.evaluation.context import EvaluationContext
from limner.evaluation.metrics import METRICS
from limner.files import write_text
from limner.render.page import Picture, Table, page, section
from limner.render.png import sheet_to_image
from limner.render.scatter import scatter_chart
from limner.strokes.drawing import Drawing

SHOWN, COLUMNS, PAIRS, CELL_PX = 32, 8, 16, 150
"""Drawings of a sheet and columns, pairs of drawings of a sheet, and pixels of a cell."""
MOST_MAPPED = 1_500
"""Latents on the map at most: t-SNE of more takes longer than all the rest of the report."""
SMALL = 0.01
"""Values below it are written with two significant digits, because four decimals would hold fewer."""
HEADINGS = ("figure", "", "95 %, or sets", "real against real")

LABELS: dict[str, str] = {
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
    "reconstruction.chamfer": "distance of reconstructed ink, over the longer side",
    "reconstruction.chamfer_of_others": "the same to the reconstruction of another drawing",
    "reconstruction.recognised": "reconstructions recognised",
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
    "generation.structure.samples.pen_up": "pen-up travel, likewise",
    "novelty.nearness": "nearness to training drawings (1: as that of held-out ones)",
    "novelty.copies": "copies (0.01 for held-out drawings)",
    "latents.latent_active": "dimensions of z in use, of {latent_size}",
}
"""What the page calls each figure of limner, in its order; those of other packages stand below them."""


def write_report(path: Path, figures: dict[str, Any], context: EvaluationContext, command: str) -> None:
    """Write the report.

    Parameters
    ----------
    path : Path
        An ``.html`` file.
    figures : dict
        What ``limner evaluate --json`` prints.
    context : EvaluationContext
        What they were computed from.
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
        section("Drawings", "", list(_pictures(figures, context))),
        section("How to repeat it", "", [f"<pre>{escape(command)}</pre>"]),
        f'<p class="soft">limner {__version__}</p>',
    ]
    write_text(path, page(f"limner evaluate: {title}", parts))


def _caution(figures: dict[str, Any]) -> Iterator[str]:
    """Yield a warning if the drawings were not held out."""
    if not figures.get("held_out", True):
        yield (
            "<p>Nothing was set aside: the model was trained on these drawings. The figures tell how well it "
            "fits them, not how well it fits new ones.</p>"
        )


def _rows(figures: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    values = {**figures, **figures.get("latents", {})}
    for key, label in {**LABELS, **added_labels(figures)}.items():
        value = _value_at(figures, key)
        if value is not None:
            yield label.format(**values), _text(value), _bounds(figures, key), _floor(figures, key)


def added_labels(figures: dict[str, Any]) -> dict[str, str]:
    """Return labels of figures that their metrics bring along, by keys such as ``metric.figure``."""
    return {
        f"{name}.{figure}": label
        for name in METRICS
        if name in figures
        for figure, label in METRICS[name].labels.items()
    }


def _value_at(figures: dict[str, Any], key: str) -> Any:
    value: Any = figures
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _text(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    return f"{value:.4f}" if abs(value) >= SMALL else f"{value:.2g}"


def _bounds(figures: dict[str, Any], key: str) -> str:
    """Return the confidence interval of a figure, or its deviation over sets of samples."""
    group, _, name = key.rpartition(".")
    bounds = figures["intervals"].get(key) or _value_at(figures, f"{group}.{name}_interval")
    if bounds:
        return f"{bounds[0]:.4f} to {bounds[1]:.4f}"
    deviation = _value_at(figures, f"{group}.deviation.{name}")
    return "" if deviation is None else f"± {_text(deviation)}"


def _floor(figures: dict[str, Any], key: str) -> str:
    """Return what real drawings reach against real ones."""
    group, _, name = key.rpartition(".")
    mean, deviation = (_value_at(figures, f"{group}.{kind}.{name}") for kind in ("floor", "floor_deviation"))
    if mean is None:
        training = _value_at(figures, key.replace(".samples.", ".training."))
        return f"{training:.4f}" if training is not None and ".samples." in key else ""
    return f"{_text(mean)} ± {_text(deviation)}"


def _protocol(figures: dict[str, Any]) -> str:
    """Return a sentence on what the figures of samples depend on."""
    own = figures.get("generation")
    if own is None:
        return ""
    sets = "one set" if own["seeds"] == 1 else f"{own['seeds']} sets"
    return (
        f"Samples: {sets} of {own['set_size']} at temperature {own['temperature']:g} against as many "
        f"drawings of the split. Protocol {own['protocol']}; figures of other protocols do not compare. "
        f"Real against real: two sets of that size, mean and deviation over {own['floor_splits']} splits."
    )


# Pictures ----------------------------------------------------------------------------------------


def _pictures(figures: dict[str, Any], context: EvaluationContext) -> Iterator[str]:
    if "generation" in figures:
        yield _sheet("Samples, as they came", context.samples[0][:SHOWN])
        yield _sheet("Drawings of the split", context.real[:SHOWN])
    if "reconstruction" in figures:
        pairs = _interleave(context.originals[:PAIRS], context.reconstructions[:PAIRS])
        yield _sheet("Drawings and their reconstructions", pairs)
    if "novelty" in figures:
        caption = "The samples that lie nearest to a training drawing, each beside that drawing"
        yield _sheet(caption, _nearest(context))
    if "latents" in figures:
        yield _map(context)


def _interleave(one: Sequence[Drawing], other: Sequence[Drawing]) -> list[Drawing]:
    return [drawing for pair in zip(one, other, strict=True) for drawing in pair]


def _nearest(context: EvaluationContext) -> list[Drawing]:
    novelty = context.novelty
    if novelty is None:
        return []
    indices = np.argsort(novelty.distances)[:PAIRS]
    samples = [context.samples[0][k] for k in indices]
    return _interleave(samples, [context.training[novelty.nearest[k]] for k in indices])


def _sheet(caption: str, drawings: Sequence[Drawing]) -> str:
    return Picture.of(sheet_to_image(drawings, columns=COLUMNS, cell_px=CELL_PX), caption).html()


def _map(context: EvaluationContext) -> str:
    """Return a scatter plot of latents, projected by t-SNE and coloured by class."""
    from limner.curation.projection_2d import project_2d

    mapped = context.real[:: -(-len(context.real) // MOST_MAPPED)]
    z = context.model.encode(mapped, unit=1.0).cpu().numpy()
    names = sorted({drawing.label or "" for drawing in mapped})
    groups = [names.index(drawing.label or "") for drawing in mapped]
    positions = [(float(x), float(y)) for x, y in project_2d(z)]
    caption = "z = mu of the drawings of the split, laid out by t-SNE" + (", by class" if names[-1] else "")
    plot = scatter_chart(positions, groups, names, name=caption)
    return f"<figure><figcaption>{caption}</figcaption>{plot}</figure>"
