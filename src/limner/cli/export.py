"""``limner export``: write a model in other programs' formats."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from limner.cli.arguments import Flag, ModelName, Weights, parse, refuse
from limner.cli.console import say, say_json
from limner.interchange.model_format import MODEL_FORMATS
from limner.settings import did_you_mean

VERB = "export"


@dataclass(frozen=True)
class ExportArguments:
    """Take a model to browsers, to other runtimes, to a hub.

    limner export sketches --to web --out page: page/index.html draws offline, the class chosen by typing
    """

    model: ModelName
    """A run folder, a .safetensors file, or the name of a shipped model."""
    to: Annotated[str, tyro.conf.arg(metavar="sketch-rnn-js|onnx|hub-folder|web")]
    """sketch-rnn-js: for @magenta/sketch, ml5 0.x and p5; onnx: graphs of one step, of the first state and of
    the encoder; hub-folder: with a model card; web: a page that draws on the visitor's machine. Other
    packages may add formats."""
    out: Annotated[Path, tyro.conf.arg(metavar="PATH")]
    """A .json file, a .onnx file, or a folder; hf://user/name with hub-folder."""
    weights: Weights = "best"
    """Of a run: those of its best validation, or of its last one."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(ExportArguments, argv, VERB)
    if args.to not in MODEL_FORMATS:
        from limner.interchange.exporting import writable_formats

        refuse(VERB, f"--to: there is no format {args.to!r}; {did_you_mean(args.to, writable_formats())}")
    from limner.interchange.exporting import export_model
    from limner.sampling.model import load_model

    report = export_model(load_model(args.model, weights=args.weights), args.to, args.out)
    files = [str(path) for path in report.files]
    if args.json:
        say_json({"to": args.to, "files": files, "notes": report.notes, **report.figures})
        return
    for sentence in report.notes:
        say(f"note: {sentence}")
    if files:
        say("\n".join(files))
