"""``limner curate sort``: tell kinds of pages apart."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from limner.cli.arguments import Flag, Seed, parse, refuse
from limner.cli.console import progress_bar, say, say_json, table
from limner.cli.curate.options import FeatureChoice, FeatureOptions, File, find
from limner.cli.values import not_negative

if TYPE_CHECKING:
    from limner.curation.classifier import ClassifierTraining, PageClassifier
    from limner.curation.embedder import Embedder

VERB = "curate sort"
CLASSIFIER_FILE = "classifier.safetensors"


@dataclass(frozen=True)
class Arguments:
    """Sort pictures of pages by kind, as some pages that a person has sorted show it.

    Doubtful pages are listed and shown for the hand; nothing is copied unless --sort-into asks for it.
    """

    pages: tyro.conf.Positional[
        Annotated[tuple[str, ...], tyro.conf.arg(metavar="PAGES ...", help_behavior_hint="(required)")]
    ]
    """Pictures: files, folders, patterns."""
    out: Path
    """A folder: pages.tsv, doubtful.png, and the classifier if it was trained."""
    train: Annotated[Path | None, tyro.conf.arg(metavar="DIR", help_behavior_hint="")] = None
    """A folder with a folder of pictures for each kind: drawings, watercolours, notes, covers, bad scans."""
    classifier: File = None
    """A classifier that was trained before."""
    doubt: Annotated[float, not_negative(1)] = 0.8
    """A page whose likeliest kind is less probable than this is doubtful."""
    sort_into: Annotated[Path | None, tyro.conf.arg(metavar="DIR", help_behavior_hint="")] = None
    """Copy each page there, into a folder for its kind or into doubtful; nothing is overwritten."""
    likeness: FeatureOptions = field(default_factory=FeatureChoice)
    """What likeness is judged by."""
    seed: Seed = 0
    """Shares pages out for cross-validation."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(Arguments, argv, VERB)
    if not args.pages:
        refuse(VERB, "PAGES are missing")
    if (args.train is None) == (args.classifier is None):
        refuse(VERB, "give --train with sorted pages, or --classifier; one of them")
    from limner.curation.items import PictureItems
    from limner.curation.sorting import copy_sorted, sort_pages, write_sorted

    pages = PictureItems.of(args.pages)
    classifier, embedder, lesson = _trained(args) if args.train else _read(args)
    with progress_bar("Sorting") as progress:
        found = sort_pages(pages, classifier, embedder, doubt=args.doubt, progress=progress)
    write_sorted(pages, found, args.out)
    copied = None if args.sort_into is None else copy_sorted(pages, found, args.sort_into)
    counts = {name: sum(page.label == name for page in found) for name in classifier.classes}
    doubtful = sum(page.doubtful for page in found)
    if args.json:
        trained = None if lesson is None else asdict(lesson)
        figures = {"n": len(found), "classes": counts, "doubtful": doubtful}
        say_json({**figures, "copied": copied, "trained": trained, "out": str(args.out)})
        return
    if lesson is not None:
        say(f"{lesson.accuracy:.1%} of {sum(lesson.counts.values())} sorted pages told rightly, each unseen")
    say(table([("kind", "pages"), *((name, str(n)) for name, n in counts.items())]))
    say(f"{doubtful} doubtful: {args.out}" + ("" if copied is None else f"; {copied} copied"))


def _trained(args: Arguments) -> tuple[PageClassifier, Embedder, ClassifierTraining]:
    from limner.curation.classifier import write_classifier
    from limner.curation.sorting import learn_pages

    assert args.train is not None  # noqa: S101 - just asked
    embedder = find(args.likeness.features or "page", args.likeness)
    with progress_bar("Learning") as progress:
        classifier, lesson = learn_pages(args.train, embedder, seed=args.seed, progress=progress)
    write_classifier(classifier, args.out / CLASSIFIER_FILE)
    return classifier, embedder, lesson


def _read(args: Arguments) -> tuple[PageClassifier, Embedder, None]:
    from limner.curation.classifier import read_classifier
    from limner.curation.resolve_features import Reference, known_embedder

    assert args.classifier is not None  # noqa: S101 - just asked
    classifier = read_classifier(args.classifier)
    like = Reference(classifier.facts, None, str(args.classifier))
    wanted, choice = args.likeness.features, args.likeness
    embedder = known_embedder(like, wanted or "page", wanted is not None, lambda name: find(name, choice))
    return classifier, embedder, None
