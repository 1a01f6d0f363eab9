"""``limner data``: list, fetch and inspect corpora, and fit their vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import tyro

from limner.cli.arguments import Flag, OptionalFolder, parse, refuse_action
from limner.cli.console import progress_bar, say, say_json, table
from limner.corpus.formats.format import Pen

VERB = "data"
USAGE = """usage: limner data list | get NAME | info FILE | tokens CORPUS

  list     name the corpora that can be fetched, with their licences
  get      fetch one: from the cache, a local mirror, or its public address
  info     count drawings, points and strokes of a file or folder
  tokens   fit the vocabulary of a corpus, for networks that draw with tokens

limner data info --help explains the options of info, and so on."""


@dataclass(frozen=True)
class DataListArguments:
    """Name the corpora that can be fetched. Nothing is asked of the network."""

    match: tyro.conf.Positional[Annotated[str, tyro.conf.arg(metavar="[TEXT]", help_behavior_hint="")]] = ""
    """Only names that contain this."""
    json: Flag = False
    """Print one JSON object."""


@dataclass(frozen=True)
class DataGetArguments:
    """Fetch a corpus: from the cache, from a local mirror, or from its public address."""

    name: tyro.conf.Positional[Annotated[str, tyro.conf.arg(metavar="NAME")]]
    """As limner data list names it."""
    mirror: OptionalFolder = None
    """A folder to look for the file in before the network is asked; LIMNER_DATA unless given."""
    cache_dir: OptionalFolder = None
    """Where fetched files lie; the user's cache unless given."""


@dataclass(frozen=True)
class DataInfoArguments:
    """Count drawings, points and strokes, and say what was tolerated."""

    file: tyro.conf.Positional[Annotated[str, tyro.conf.arg(metavar="FILE")]]
    """A file or folder of any format that limner reads, or the name doodles."""
    pen: Pen = "lift"
    """What 1 means in the third column of stroke-3: the pen lifts after the point, or it is down."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    actions = {"list": _list, "get": _get, "info": _info, "tokens": _tokens}
    if argv[:1] in (["-h"], ["--help"]):
        say(USAGE)
    elif argv and argv[0] in actions:
        actions[argv[0]](argv[1:])
    else:
        refuse_action(VERB, argv, actions)


def _list(argv: list[str]) -> None:
    args = parse(DataListArguments, argv, "data list")
    from limner.corpus.catalogue import catalogue

    found = [entry for name, entry in catalogue().items() if args.match in name]
    if args.json:
        say_json({e.name: {"url": e.url, "sha256": e.sha256, "licence": e.licence} for e in found})
    else:
        say(
            table(
                [
                    ("name", "licence", "what", "credit"),
                    *((e.name, e.licence, e.about, e.credit) for e in found),
                ]
            )
        )


def _get(argv: list[str]) -> None:
    args = parse(DataGetArguments, argv, "data get")
    from limner.corpus.download import get

    with progress_bar(f"Fetching {args.name}") as progress:
        path = get(args.name, cache_dir=args.cache_dir, mirror=args.mirror, progress=progress)
    say(str(path))


def _info(argv: list[str]) -> None:
    args = parse(DataInfoArguments, argv, "data info")
    from limner.corpus.info import corpus_info
    from limner.corpus.load import load_corpus

    info = corpus_info(load_corpus(args.file, pen=args.pen, spares_files=True))
    if args.json:
        say_json(info)
        return
    head = ("split", "drawings", "points (mean)", "points (max)", "strokes (mean)")
    rows = [
        (name, str(s["n"]), f"{s['points_mean']:.1f}", str(s["points_max"]), f"{s['strokes_mean']:.1f}")
        for name, s in info["splits"].items()
    ]
    say(table([head, *rows]))
    say(f"N_max {info['n_max']}, scale factor {info['scale_factor']:.4f}, {info['dtype']}")
    if "labels" in info:
        say(f"labels: {', '.join(f'{name} {n}' for name, n in info['labels'].items())}")
    for note in info["notes"]:
        say(f"note: {note}")


def _tokens(argv: list[str]) -> None:
    from limner.cli.data_tokens import main as make

    make(argv)
