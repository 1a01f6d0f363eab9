"""``limner animate``: watch drawings being drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

import tyro

from limner.cli.arguments import DrawingNames, Flag, LookOptions, parse, refuse
from limner.cli.console import say
from limner.cli.values import not_negative, positive, whole
from limner.render.look import Look

VERB = "animate"
LONGEST = 600.0
MOST_FPS = 50
LARGEST_PX = 2048
MOST_DRAWINGS = 400


@dataclass(frozen=True)
class AnimateArguments:
    """Watch a drawing being drawn at the pace of a hand; several on a sheet, or one after another."""

    drawings: DrawingNames
    """SVG files, or FILE#WHICH or FILE#SPLIT/WHICH of a corpus; for a sheet or a morph also whole corpora."""
    out: Path = Path("drawing.gif")
    """A .gif, .mp4 (with the extra video) or .svg file; the latter moves in a browser."""
    as_: Annotated[Literal["auto", "draw", "sheet", "morph"], tyro.conf.arg(name="as")] = "auto"
    """A drawing being drawn, all of them at once on a sheet, or one whole drawing after another and back;
    auto draws one and puts several on a sheet."""
    seconds: Annotated[float, positive(LONGEST)] = 4.0
    """How long the drawing takes."""
    fps: Annotated[int, whole(1, MOST_FPS)] = 25
    """Frames a second."""
    size_px: Annotated[int, whole(16, LARGEST_PX)] = 400
    """Longest side of the picture; about the width of a sheet."""
    hold_seconds: Annotated[float, not_negative(LONGEST)] = 1.5
    """Seconds that the finished drawing stays."""
    colour_by: Literal["single", "stroke", "order"] = "single"
    """One ink, another ink for each stroke, or a gradient from the first point to the last."""
    look: LookOptions = field(default_factory=Look)
    """What it looks like."""
    no_tip: Flag = False
    """Do not show where the pen is."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(AnimateArguments, argv, VERB)
    if not args.drawings:
        refuse(VERB, "DRAWING is missing")
    from limner.render.pace import Pace
    from limner.render.write import find_writer, quote_choice, suffixes, write_with
    from limner.render.writers import WriteOptions

    possible = suffixes(moving=True)
    if args.out.suffix.lower() not in possible:
        refuse(VERB, f"{args.out} must end in {quote_choice(possible)}")
    writer = find_writer(args.out, moving=True)  # refuses before any work is done
    if args.look.ground == "none" and not writer.transparent:
        refuse(VERB, f"{writer.title} has no transparency; --ground must be white or paper")
    kind = args.as_
    if kind == "auto":
        kind = "draw" if len(args.drawings) == 1 else "sheet"
    elif kind == "draw" and len(args.drawings) > 1:
        refuse(VERB, "only one drawing can be drawn alone; use --as sheet or --as morph for several")
    pace = Pace(args.seconds, args.fps, args.hold_seconds, pen_tip=not args.no_tip)
    style = args.look.style(colour_by=args.colour_by)
    from limner.cli.inputs import all_drawings, noted_drawing

    alone = kind == "draw"
    found = [noted_drawing(args.drawings[0])] if alone else all_drawings(args.drawings, MOST_DRAWINGS)
    write_with(writer, found, args.out, WriteOptions(style, size_px=args.size_px, kind=kind, pace=pace))
    say(str(args.out))
