"""``limner studio``: draw with a model in the browser."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from limner.cli.arguments import CorpusName, Flag, parse
from limner.cli.console import say
from limner.cli.values import whole

VERB = "studio"


@dataclass(frozen=True)
class StudioArguments:
    """Draw with models in the browser, morph between drawings and keep what is good."""

    models: tyro.conf.Positional[
        Annotated[tuple[str, ...], tyro.conf.arg(metavar="[MODEL ...]", help_behavior_hint="")]
    ] = ()
    """Run folders, .safetensors files, or names of shipped models; sketches, doodles and sketches-latent
    unless given."""
    corpus: CorpusName = None
    """A corpus to take drawings from; the doodles for the model of that name."""
    runs: Annotated[Path | None, tyro.conf.arg(metavar="DIR", help_behavior_hint="")] = None
    """A folder that holds runs, for hands that are learned here too; the folder runs unless given, which is
    made when one is."""
    keep: Annotated[Path, tyro.conf.arg(metavar="DIR")] = Path("kept")
    """The folder for what is kept; made when something is."""
    host: str = "127.0.0.1"
    """Address to serve at; anything but the loopback asks visitors for a token."""
    port: Annotated[int, whole(0, 65535)] = 8700
    """Port to serve at; 0 takes one that is free."""
    no_open: Flag = False
    """Do not open a browser."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(StudioArguments, argv, VERB)
    from limner.studio.serve import StudioSettings, serve

    settings = StudioSettings(args.models, args.corpus, args.runs, args.keep, args.host, args.port)
    serve(settings, open_page=not args.no_open, say=say)
