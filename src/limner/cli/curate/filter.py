"""``limner curate filter``: keep some drawings of a corpus."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from limner.cli.arguments import CorpusNames, Flag, Seed, parse, refuse
from limner.cli.console import say, say_json
from limner.cli.curate.options import (
    FeatureChoice,
    FeatureOptions,
    File,
    find,
    get_features,
    losses_of,
    open_corpus,
)
from limner.cli.values import positive

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from limner.curation.choices import Choices
    from limner.curation.items import Items

    Mask = NDArray[np.bool_]

VERB = "curate filter"
Words = Annotated[tuple[str, ...], tyro.conf.arg(metavar="NAME ...", help_behavior_hint="")]
FARTHEST = 1e9


@dataclass(frozen=True)
class Arguments:
    """Keep the drawings that meet all conditions; every one stays in its split."""

    corpus: CorpusNames
    """A corpus (npz, ndjson, parquet, SVG, doodles), or pictures: files, folders, patterns."""
    out: Path
    """A .npz or .parquet file; or a .csv list, source,choice,label, which is all there is for pictures."""
    cluster: Words = ()
    """Numbers or names of clusters."""
    clusters: File = None
    """The folder or table of limner curate cluster."""
    label: Words = ()
    """Labels."""
    ids: File = None
    """A list of ids, one a line, or a .csv or .tsv table with a column source."""
    choices: File = None
    """What was chosen on a map: what is dropped goes, and if anything is kept, so does all else."""
    near: Annotated[str | None, tyro.conf.arg(metavar="DRAWING", help_behavior_hint="")] = None
    """An id, an SVG file, FILE#WHICH of a corpus, or a picture, to measure distances from."""
    distance: Annotated[float | None, positive(FARTHEST), tyro.conf.arg(help_behavior_hint="")] = None
    """Keep what is no farther; distances by shape and by page are from 0 to 2."""
    far: Flag = False
    """Keep what is farther instead."""
    but: Flag = False
    """Keep what does not meet all conditions."""
    likeness: FeatureOptions = field(default_factory=FeatureChoice)
    """What likeness is judged by."""
    seed: Seed = 0
    """Another seed, other principal components."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(Arguments, argv, VERB)
    _check(args)
    items = open_corpus(VERB, args.corpus)
    from limner.curation.selection import check_selection_suffix, intersection, write_selection

    check_selection_suffix(items, args.out)
    choices = _choices(args, items)
    mask = intersection(list(_masks(args, items, choices)))
    kept = write_selection(items, ~mask if args.but else mask, args.out, choices.label if choices else None)
    if args.json:
        say_json(
            {
                "kept": kept.kept,
                "of": kept.of,
                "notes": [*losses_of(items), *kept.notes],
                "file": str(args.out),
            }
        )
        return
    parts = ", ".join(f"{name} {n:,} of {kept.of[name]:,}" for name, n in kept.kept.items())
    say(f"kept {sum(kept.kept.values()):,} of {sum(kept.of.values()):,} {items.kind} ({parts}): {args.out}")
    for note in kept.notes:
        say(f"note: {note}")


def _check(args: Arguments) -> None:
    if args.cluster and args.clusters is None:
        refuse(VERB, "--cluster needs --clusters, the folder of limner curate cluster")
    if (args.near is None) != (args.distance is None):
        refuse(VERB, "--near and --distance go together")
    if args.far and args.near is None:
        refuse(VERB, "--far needs --near and --distance")
    if not (args.cluster or args.label or args.ids or args.choices or args.near):
        refuse(VERB, "say what to keep: --cluster, --label, --ids, --choices or --near")


def _choices(args: Arguments, items: Items) -> Choices | None:
    if args.choices is None:
        return None
    from limner.curation.choices import mask_of_ids, read_choices

    found = read_choices(args.choices)
    mask_of_ids(items.ids, list(found.choice), args.choices)
    return found


def _masks(args: Arguments, items: Items, choices: Choices | None) -> Iterator[Mask]:
    from limner.curation.choices import mask_of_ids, read_ids
    from limner.curation.selection import mask_of_labels

    if args.cluster and args.clusters is not None:
        from limner.curation.clusters import read_clusters

        yield read_clusters(args.clusters).of(items.ids, args.clusters).members(args.cluster)
    if args.label:
        yield mask_of_labels(items, args.label)
    if args.ids is not None:
        yield mask_of_ids(items.ids, read_ids(args.ids), args.ids)
    if choices is not None:
        yield choices.kept(items.ids)
    if args.near is not None and args.distance is not None:
        yield _near(items, args, args.near, args.distance)


def _near(items: Items, args: Arguments, name: str, distance: float) -> Mask:
    from limner.curation.neighbours import distances, sought_row

    features = get_features(items, args.likeness, args.seed)
    row, _ = sought_row(name, items, features, lambda name: find(name, args.likeness))
    within = distances(features, row) <= distance
    return ~within if args.far else within
