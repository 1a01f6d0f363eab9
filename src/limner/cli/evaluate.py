"""``limner evaluate``: measure how well a model knows drawings it has not seen, and how well it draws."""

from __future__ import annotations

import shlex
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import tyro

from limner.cli.arguments import CorpusName, Flag, ModelName, Seed, SplitName, Weights, parse, refuse
from limner.cli.console import Update, progress_bar, say, say_json
from limner.cli.values import positive, whole
from limner.corpus.text import counted
from limner.errors import DataError
from limner.sampling.config import HOTTEST

if TYPE_CHECKING:
    from limner.corpus.corpus import Corpus, Split
    from limner.evaluation.context import EvaluationContext
    from limner.sampling.model import Model

VERB = "evaluate"
FEW = 30
"""Drawings below which figures are said to rest on few."""
UNHELD = (
    "nothing was set aside, so these are drawings to learn from; the figures say how well they are known, "
    "not how well a new one would be."
)


@dataclass(frozen=True)
class Arguments:
    """Measure likelihoods on a split, with z = mu, and how well classes are found; with --metrics more.

    reconstruction: how far redrawn ink lies from what was drawn. generation: samples against drawings, by
    FID, KID, precision, recall, density and coverage, structure and recognition, beside real drawings against
    real ones. novelty: whether samples copy training drawings. latents: how many numbers of z are in use.
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
    metrics: tuple[Literal["reconstruction", "generation", "novelty", "latents", "all"], ...] = ()
    """What to measure besides."""
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
    """What the drawings show, where the corpus does not say."""
    features: str = "sketch"
    """What looks at drawings: limner's own encoder, or as in limner curate embed."""
    feature_weights: Annotated[Path | None, tyro.conf.arg(metavar="FILE", help_behavior_hint="")] = None
    """Weights of another network for pictures."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(Arguments, argv, VERB)
    if args.out is not None and args.out.suffix.lower() != ".html":
        refuse(VERB, f"--out writes an .html file, not {args.out}")
    from limner.cli.inputs import own_corpus
    from limner.corpus.select import split_name
    from limner.evaluation.likelihood import likelihood
    from limner.evaluation.recognition import recognition
    from limner.sampling.model import load_model

    model = load_model(args.model, weights=args.weights)
    corpus = own_corpus(args.model, args.data, whole=args.split in (None, "test"))
    name = split_name(corpus, args.split)
    split = _split(args, model, corpus, name)
    with progress_bar("Evaluating", shown=not args.json) as update:
        found, seen = likelihood(model, split, convention=args.convention), recognition(model, split)
        known = {} if seen is None else {key: x for key, x in asdict(seen).items() if x is not None}
        own = {"held_out": name != "train", "notes": _notes(corpus, len(split))}
        figures = {"split": name, **asdict(found), **known, **own}
        if args.metrics or args.out is not None:
            subject = _subject(args, model, corpus, name, update)
            figures |= _more(args, subject, figures, shlex.join(["limner", VERB, *argv]))
    if args.json:
        say_json(figures)
        return
    _tell(figures)
    for note in figures["notes"]:
        say(f"note: {note}")
    if args.out is not None:
        say(f"{args.out}")


def _notes(corpus: Corpus, n: int) -> list[str]:
    """Say what the figures rest on, where that is less than one may think."""
    few = [f"The figures rest on {counted(n, 'drawing')}, which is few."] if n < FEW else []
    return [note for note in corpus.notes if "for testing" in note] + few


def _split(args: Arguments, model: Model, corpus: Corpus, name: str) -> Split:
    """Label the split by the model's classes."""
    split = corpus.splits[name].relabelled(corpus.label_names, model.card.classes)
    if model.network.config.classes and (unknown := int((split.labels < 0).sum())):
        raise DataError(
            f"{counted(unknown, 'drawing')} of the {name} split have no class that {args.model} is told; "
            "name others with --data."
        )
    return split


def _more(
    args: Arguments, subject: EvaluationContext, figures: dict[str, Any], command: str
) -> dict[str, Any]:
    """Measure what takes drawing, and write the report."""
    from limner.evaluation.metrics import GROUPS, measured
    from limner.evaluation.report import write_report

    everything = not args.metrics or "all" in args.metrics
    found = measured(subject, tuple(group for group in GROUPS if everything or group in args.metrics))
    more: dict[str, Any] = {str(group): figures for group, figures in found.items()}
    if args.out is not None:
        write_report(args.out, figures | more, subject, command)
    return more


def _subject(args: Arguments, model: Model, corpus: Corpus, split: str, update: Update) -> EvaluationContext:
    from limner.evaluation.context import EvaluationContext, Wish
    from limner.interchange.feature_extractor import find_looker

    wish = Wish(
        samples=args.samples, temperature=args.temperature, seed=args.seed, seeds=args.seeds, label=args.label
    )
    return EvaluationContext(
        model,
        corpus,
        split,
        find_looker(args.features, args.feature_weights),
        wish,
        lambda what, done, whole: update(done, whole, what),
    )


# What is said ------------------------------------------------------------------------------------


def _tell(figures: dict[str, Any]) -> None:
    say(f"{counted(figures['n'], 'drawing')} of the {figures['split']} split")
    if not figures["held_out"]:
        say(f"note: {UNHELD}")
    for key, (what, how) in _WORDS.items():
        group, _, name = key.rpartition(".")
        value = (figures.get(group, {}) if group else figures).get(name)
        if value is not None:
            _line(what, value, how.format(**figures))
    if "generation" in figures:
        _tell_generation(figures["generation"])


def _tell_generation(found: dict[str, Any]) -> None:
    say(f"samples: {found['seeds']} x {found['set_size']} at temperature {found['temperature']:g}")
    for key in ("fid", "kid", "precision", "recall", "density", "coverage"):
        _line(key, found[key], f"real against real {found['floor'][key]:.4f}")
    if "recognised" in found:
        _line("recognised", found["recognised"], f"of the drawings {found['recognised_real']:.4f}")
    say(f"protocol {found['protocol']}")


def _line(what: str, value: float, how: str) -> None:
    say(f"{what:18} {value:8.4f}   ({how})")


_WORDS = {
    "recon": ("L_R", "{convention}, N_max {n_max}"),
    "kl": ("L_KL", "averaged over the numbers of z"),
    "nll_per_point": ("NLL per point", "model units"),
    "nll_per_point_corpus": ("NLL per point", "units of the corpus"),
    "nll_pen": ("of which the pen", "has no unit"),
    "pen_accuracy": ("pen states", "share that is foreseen"),
    "class_top1": ("classes, top 1", "share of drawings whose class is the likeliest"),
    "class_top5": ("classes, top 5", "whose class is among the five likeliest"),
    "retrieval_map": ("retrieval, mAP", "drawings of the same class by the cosine of z"),
    "reconstruction.chamfer": ("redrawn ink", "distance over the longer side"),
    "reconstruction.chamfer_of_others": ("  of others", "the same to what was made of another drawing"),
    "novelty.nearness": ("nearness", "to training drawings; 1 is as near as people's"),
    "novelty.copies": ("copies", "0.01 of people's drawings"),
    "latents.latent_active": ("numbers of z", "in use"),
}
