"""``limner export``: take a model to where people use it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro

from limner.cli.arguments import Flag, ModelName, Weights, parse
from limner.cli.console import say, say_json


@dataclass(frozen=True)
class Arguments:
    """Take a model to browsers, to other runtimes, to a hub."""

    model: ModelName
    """A run folder, a .safetensors file, or the name of a shipped model."""
    to: Literal["sketch-rnn-js", "onnx", "hub-folder", "web"]
    """sketch-rnn-js: for @magenta/sketch, ml5 and p5; onnx: graphs of one step, of the first state and of the
    encoder; hub-folder: with a model card; web: a page that draws on the visitor's machine."""
    out: Annotated[Path, tyro.conf.arg(metavar="PATH")]
    """A .json file, a .onnx file, or a folder."""
    weights: Weights = "best"
    """Of a run: those of its best validation, or of its last one."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(Arguments, argv, "export")
    from limner.interchange.exporting import export_model
    from limner.sampling.model import load_model

    exported = export_model(load_model(args.model, weights=args.weights), args.to, args.out)
    files = [str(path) for path in exported.files]
    if args.json:
        say_json({"to": args.to, "files": files, "notes": exported.notes, **exported.figures})
        return
    for sentence in exported.notes:
        say(f"note: {sentence}")
    say("\n".join(files))
