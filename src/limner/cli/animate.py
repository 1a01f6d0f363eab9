"""``limner animate``: watch a drawing being drawn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from limner.cli.arguments import parse, refuse
from limner.cli.report import say
from limner.cli.values import not_negative, positive, whole

VERB = "animate"
LONGEST = 600.0
MOST_FPS = 50
LARGEST_PX = 2048


@dataclass(frozen=True)
class Arguments:
    """Watch a drawing being drawn, at the pace of a hand."""

    drawing: tyro.conf.Positional[Annotated[str, tyro.conf.arg(metavar="DRAWING")]]
    """An SVG file, or FILE#WHICH or FILE#SPLIT/WHICH of a corpus."""
    out: Path = Path("drawing.gif")
    """A .gif file."""
    seconds: Annotated[float, positive(LONGEST)] = 4.0
    """How long the drawing takes."""
    fps: Annotated[int, whole(1, MOST_FPS)] = 25
    """Frames a second."""
    size_px: Annotated[int, whole(16, LARGEST_PX)] = 400
    """Longest side of the picture."""
    hold_seconds: Annotated[float, not_negative(LONGEST)] = 1.5
    """Seconds that the finished drawing stays."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(Arguments, argv, VERB)
    if args.out.suffix.lower() != ".gif":
        refuse(VERB, f"{args.out} must end in .gif")
    from limner.corpus.pick import named_drawing
    from limner.files import write_bytes
    from limner.render.gif import drawing_to_gif
    from limner.render.pace import Pace

    drawing = named_drawing(args.drawing)
    pace = Pace(seconds=args.seconds, fps=args.fps, hold_seconds=args.hold_seconds)
    write_bytes(args.out, drawing_to_gif(drawing, size=args.size_px, pace=pace))
    say(str(args.out))
