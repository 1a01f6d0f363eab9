"""A verb: ``limner ink CORPUS`` measures the ink of drawings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import tyro

from limner.cli.arguments import parse
from limner.cli.console import say
from limner.cli.verbs import Verb


@dataclass(frozen=True)
class InkArguments:
    """Measure the ink of the drawings of a corpus."""

    corpus: tyro.conf.Positional[Annotated[str, tyro.conf.arg(metavar="CORPUS")]]
    """A file or folder of drawings, or the name doodles."""
    split: str = "train"
    """Which of its splits."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(InkArguments, argv, "ink")
    from limner.corpus.load import load_corpus
    from limner.strokes.packed import PackedStrokes

    split = load_corpus(args.corpus).splits[args.split]
    lengths = PackedStrokes.from_stroke3(split.rows, split.offsets).inks  # (n,)
    say(f"{len(lengths)} drawings, {lengths.mean():.0f} units of ink each")


VERB = Verb("measure the ink of drawings", main)
