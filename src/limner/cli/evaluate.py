"""``limner evaluate``: measure how well a model knows drawings it has not seen, and how well it draws."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import tyro

from limner.cli.arguments import CorpusName, Flag, ModelName, Seed, SplitName, Weights, parse, refuse
from limner.cli.console import Update, progress_bar, say, say_json
from limner.cli.values import positive, whole
from limner.corpus.text import counted
from limner.errors import LimnerError
from limner.sampling.config import HOTTEST

if TYPE_CHECKING:
    from limner.corpus.corpus import Corpus
    from limner.evaluation.context import EvaluationContext
    from limner.sampling.model import Model

VERB = "evaluate"
NOT_HELD_OUT = (
    "nothing was set aside, so these are drawings to learn from; the figures say how well they are known, "
    "not how well a new one would be."
)
BUILT_IN = ("reconstruction", "generation", "novelty", "latents")
"""Metrics that come with limner, which are known before anything is imported."""


@dataclass(frozen=True)
class EvaluateArguments:
    """Measure likelihoods on a split, with z = mu, and how well classes are recognised; with --metrics more.

    reconstruction: distances of drawings to their reconstructions. generation: samples against drawings, by
    FID, KID, precision, recall, density and coverage, structure and recognition, beside real drawings against
    real ones. novelty: whether samples copy training drawings. latents: how many dimensions of z are in use.
    """

    model: ModelName
    """A run folder, a .safetensors file, or the name of a shipped model."""
    weights: Weights = "best"
    """Of a run: those of its best validation, or of its last one."""
    data: CorpusName = None
    """A corpus, all of it if it has no splits; the model's own unless given."""
    split: SplitName = None
    """The split; test if there is one, else valid, else train."""
    convention: Literal["magenta-eval", "magenta-train", "end-once"] = "magenta-eval"
    """What L_R counts of the pen: real points only, all padding too, or one end row too."""
    metrics: Annotated[tuple[str, ...], tyro.conf.arg(metavar="NAME ...", help_behavior_hint="")] = ()
    """What to measure besides: reconstruction, generation, novelty, latents, those of other packages, or
    all."""
    out: Annotated[Path | None, tyro.conf.arg(metavar="FILE.html", help_behavior_hint="")] = None
    """Write a report with pictures; measures all unless --metrics says what."""
    samples: Annotated[int, whole(20)] = 1000
    """Drawings of a set of samples."""
    seeds: Annotated[int, whole(1)] = 1
    """Sets of samples."""
    temperature: Annotated[float, positive(HOTTEST)] = 1.0
    """Of the samples; above 0."""
    seed: Seed = 0
    """Another seed, other samples."""
    label: Annotated[str | None, tyro.conf.arg(metavar="NAME", help_behavior_hint="")] = None
    """Class of the drawings, where the corpus has no labels."""
    features: str = "sketch"
    """The feature extractor: limner's own encoder, or as in limner curate embed."""
    feature_weights: Annotated[Path | None, tyro.conf.arg(metavar="FILE", help_behavior_hint="")] = None
    """Weights of another network for pictures."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(EvaluateArguments, argv, VERB)
    if args.out is not None and args.out.suffix.lower() != ".html":
        refuse(VERB, f"--out writes an .html file, not {args.out}")
    metrics = _metrics(args)
    from limner.cli.inputs import own_corpus
    from limner.corpus.select import split_name
    from limner.evaluation.evaluate import evaluate_split
    from limner.sampling.model import load_model

    model = load_model(args.model, weights=args.weights)
    corpus = own_corpus(args.model, args.data, whole=args.split in (None, "test"))
    name = split_name(corpus, args.split)
    with progress_bar("Evaluating", shown=not args.json) as update:
        figures = evaluate_split(model, corpus, name, args.convention)
        if metrics:
            context = _context(args, model, corpus, name, update)
            figures |= _measure(args, metrics, context, figures, shlex.join(["limner", VERB, *argv]))
    if args.json:
        say_json(figures)
        return
    _print_figures(figures)
    for note in figures["notes"]:
        say(f"note: {note}")
    if args.out is not None:
        say(f"{args.out}")


def _metrics(args: EvaluateArguments) -> tuple[str, ...]:
    """Return the names of the metrics that are asked for; a report shows all unless some are named."""
    names = args.metrics or (("all",) if args.out is not None else ())
    if not names:
        return ()
    from limner.evaluation.evaluate import resolve_metrics

    try:
        return resolve_metrics(names)
    except LimnerError as error:
        refuse(VERB, f"--metrics: {error}")


def _measure(
    args: EvaluateArguments,
    metrics: tuple[str, ...],
    context: EvaluationContext,
    figures: dict[str, Any],
    command: str,
) -> dict[str, Any]:
    """Compute the metrics and write the report."""
    from limner.evaluation.metrics import measure

    measured = measure(context, metrics)
    if args.out is not None:
        from limner.evaluation.report import write_report

        write_report(args.out, figures | measured, context, command)
    return measured


def _context(
    args: EvaluateArguments, model: Model, corpus: Corpus, split: str, update: Update
) -> EvaluationContext:
    from limner.evaluation.context import EvaluationContext, EvaluationSettings
    from limner.interchange.extractors import find_extractor

    return EvaluationContext(
        model,
        corpus,
        split,
        find_extractor(args.features, args.feature_weights),
        EvaluationSettings(
            samples=args.samples,
            temperature=args.temperature,
            seed=args.seed,
            seeds=args.seeds,
            label=args.label,
        ),
        lambda what, done, total: update(done, total, what),
    )


# Printed lines -----------------------------------------------------------------------------------


def _print_figures(figures: dict[str, Any]) -> None:
    say(f"{counted(figures['n'], 'drawing')} of the {figures['split']} split")
    if not figures["held_out"]:
        say(f"note: {NOT_HELD_OUT}")
    for key, (label, explanation) in {**_LABELS, **_added_labels(figures)}.items():
        metric, _, name = key.rpartition(".")
        value = (figures.get(metric, {}) if metric else figures).get(name)
        if value is not None:
            _print_line(label, value, explanation.format(**figures))
    if "generation" in figures:
        _print_generation(figures["generation"])


def _added_labels(figures: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Return labels of the metrics of other packages, with the metric's name as the explanation."""
    if set(figures).isdisjoint(BUILT_IN) and not any(isinstance(value, dict) for value in figures.values()):
        return {}
    from limner.evaluation.report import added_labels

    return {key: (label, key.partition(".")[0]) for key, label in added_labels(figures).items()}


def _print_generation(figures: dict[str, Any]) -> None:
    say(f"samples: {figures['seeds']} x {figures['set_size']} at temperature {figures['temperature']:g}")
    for key in ("fid", "kid", "precision", "recall", "density", "coverage"):
        _print_line(key, figures[key], f"real against real {figures['floor'][key]:.4f}")
    if "recognised" in figures:
        _print_line("recognised", figures["recognised"], f"of the drawings {figures['recognised_real']:.4f}")
    say(f"protocol {figures['protocol']}")


def _print_line(label: str, value: float, explanation: str) -> None:
    say(f"{label:18} {value:8.4f}   ({explanation})")


_LABELS = {
    "recon": ("L_R", "{convention}, N_max {n_max}"),
    "kl": ("L_KL", "averaged over the dimensions of z"),
    "nll_per_point": ("NLL per point", "model units"),
    "nll_per_point_corpus": ("NLL per point", "units of the corpus"),
    "nll_pen": ("of which the pen", "has no unit"),
    "pen_accuracy": ("pen states", "share that is predicted"),
    "class_top1": ("classes, top 1", "share of drawings whose class is the likeliest"),
    "class_top5": ("classes, top 5", "whose class is among the five likeliest"),
    "retrieval_map": ("retrieval, mAP", "drawings of the same class by the cosine of z"),
    "reconstruction.chamfer": ("reconstruction", "distance of ink over the longer side"),
    "reconstruction.chamfer_of_others": ("  of others", "the same to the reconstruction of another drawing"),
    "novelty.nearness": ("nearness", "to training drawings; 1 is as near as held-out ones"),
    "novelty.copies": ("copies", "0.01 of held-out drawings"),
    "latents.latent_active": ("dimensions of z", "in use"),
}
