"""``limner import``: read a model of another program."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import tyro

from limner.cli.arguments import MOST_POINTS, Flag, parse
from limner.cli.console import say, say_json
from limner.cli.values import between, whole


@dataclass(frozen=True)
class ImportArguments:
    """Read a model of sketch-rnn-js, a TensorFlow 1 checkpoint of sketch-rnn, or a port's state dict.

    limner import cat.gen.json --out models/cat: then limner sample models/cat draws with it
    """

    source: tyro.conf.Positional[Annotated[Path, tyro.conf.arg(metavar="SRC")]]
    """A .json or .js document, the folder or prefix of a checkpoint, a .pth or .pt file (of an encoder and a
    decoder in two files, either), or a file of another package's format."""
    out: Path
    """A .safetensors file, or a folder to hold model.safetensors."""
    scale_factor: Annotated[float | None, between(1e-15, 1e15), tyro.conf.arg(help_behavior_hint="")] = None
    """Units of drawings in one model unit, instead of what the source says; state dicts do not say it."""
    n_max: Annotated[int | None, whole(1, MOST_POINTS), tyro.conf.arg(help_behavior_hint="")] = None
    """Points of a drawing at most, instead of what the source says; state dicts do not say it."""
    licence: Annotated[str, tyro.conf.arg(help_behavior_hint="")] = ""
    """Terms of the weights, for their header."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(ImportArguments, argv, "import")
    from limner.interchange.importing import import_model

    report = import_model(
        args.source, args.out, scale_factor=args.scale_factor, n_max=args.n_max, licence=args.licence
    )
    if args.json:
        say_json(asdict(report))
        return
    say(
        f"found {report.form}: {report.name or 'no name'}, {report.summary}, {report.parameters:,} parameters"
    )
    say(f"scale factor {report.scale_factor:.4f}, N_max {report.n_max}, sha256 {report.sha256}")
    for sentence in report.assumed:
        say(f"assumed: {sentence}")
    say(report.out)
