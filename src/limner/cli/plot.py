"""``limner plot``: a page for a pen plotter."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import tyro

from limner.cli.arguments import Count, Flag, Label, Sampling, Seed, Weights, parse, refuse
from limner.cli.console import say, say_json
from limner.cli.sampling_options import SamplingOptions
from limner.cli.values import whole

if TYPE_CHECKING:
    from limner.plot.duration import Motion
    from limner.plot.layers import PlotPlan
    from limner.plot.page import PlotPage
    from limner.plot.plan import PlotOptions
    from limner.strokes.drawing import Drawing

VERB = "plot"
MOST_COLUMNS = 1000
Length = Annotated[str, tyro.conf.arg(metavar="LENGTH")]
OptionalLength = Annotated[str | None, tyro.conf.arg(metavar="LENGTH", help_behavior_hint="")]


@dataclass(frozen=True)
class PlotArguments:
    """Lay drawings out on a page for a pen plotter: SVG in millimetres, G-code or HPGL."""

    drawings: tyro.conf.Positional[
        Annotated[
            tuple[str, ...],
            tyro.conf.arg(metavar="DRAWING|CORPUS|MODEL ...", help_behavior_hint="(required)"),
        ]
    ] = ()
    """SVG files, FILE#WHICH of a corpus, whole corpora, or models, which draw."""
    out: Path = Path("page.svg")
    """A .svg, .gcode, .hpgl or .json file (the lines and figures as data)."""
    paper: Annotated[str, tyro.conf.arg(metavar="SIZE")] = "A4"
    """A2 to A6, letter, legal, tabloid, or a size such as 200x300mm or 8x10in."""
    margin: Length = "15mm"
    """Space that stays free on every side."""
    landscape: Flag = False
    """Lay the page on its long side; whichever side lets the drawings be larger, unless given."""
    portrait: Flag = False
    """Stand the page on its short side."""
    number: Count = 9
    """How many drawings, of each corpus and each model."""
    label: Label = None
    """The class that models draw and that is taken from corpora."""
    columns: Annotated[int | None, whole(1, MOST_COLUMNS), tyro.conf.arg(help_behavior_hint="")] = None
    """Drawings in a row; as many as let them be largest unless given."""
    scale: Annotated[str, tyro.conf.arg(metavar="SCALE")] = "fit"
    """fit: as large as fits; true: as large as an SVG file says; or millimetres of one unit."""
    captions: Literal["auto", "none", "name", "seed"] = "auto"
    """Beneath each drawing, in single lines: its class or file, or the seed that a model drew it from; auto:
    seeds where a model draws several, else none."""
    letters: Length = "2.4mm"
    """Height of the capitals of captions."""
    pens: Annotated[tuple[str, ...], tyro.conf.arg(metavar="PEN ...")] = ("black",)
    """COLOUR or NAME=COLOUR; behind it AxiDraw's codes: +S30 speed, +H40 height, +D500 delay, ! pause."""
    pen_by: Literal["drawing", "stroke", "class"] = "drawing"
    """What takes the next pen, where there are several: each drawing, each stroke or each class."""
    pen_width: Length = "0.4mm"
    """Width of the pens."""
    no_pause: Flag = False
    """Do not wait for a change of pens before each layer but the first."""
    refill_every: OptionalLength = None
    """End a layer after so much ink, such as 3m, for pens that must be dipped or filled."""
    keep_order: Flag = False
    """Keep the order and direction of the strokes; sorted unless given, so that the pen travels little."""
    merge: Length = "0.05mm"
    """Leave out lines this near to one that is drawn already, and join strokes that meet; 0 keeps all."""
    curves: OptionalLength = None
    """In SVG, curves within this distance of the lines, such as 0.1mm; straight lines unless given."""
    clip: Flag = False
    """Cut off what lies outside the margins, instead of refusing it."""
    profile: Annotated[str | None, tyro.conf.arg(metavar="NAME", help_behavior_hint="")] = None
    """The machine: servo (for .gcode unless given), grbl-z, hp7475a (for .hpgl), or a TOML file of yours."""
    preview: Annotated[Path | None, tyro.conf.arg(metavar="FILE", help_behavior_hint="")] = None
    """Also write a picture: a .png with the ways of the lifted pen, or a .gif, .mp4 or .svg that draws."""
    weights: Weights = "best"
    """Of a run: those of its best validation, or of its last one."""
    sampling: Sampling = field(default_factory=SamplingOptions)
    """How models sample points."""
    seed: Seed = 0
    """Random seed: a model's first drawing is of this one, the next one of the next."""
    json: Flag = False
    """Print one JSON object: lengths, lifts and minutes of each pen, before and after."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(PlotArguments, argv, VERB)
    if not args.drawings:
        refuse(VERB, "DRAWING is missing")
    from limner.plot.plan import plan_page
    from limner.plot.plot import machine_for, motion_of, write_plan
    from limner.plot.preview import check_preview, write_preview

    machine = machine_for(args.out, args.profile)
    if args.preview is not None:
        check_preview(args.preview)
    page = _page(args)
    drawings, options = _drawings(args, page)
    try:
        plan = plan_page(drawings, **options)
    except ValueError as error:
        _refuse_page(args, error)
    write_plan(plan, args.out, machine)
    if args.preview is not None:
        write_preview(plan, args.preview)
    _report(plan, args, motion_of(machine))


def _page(args: PlotArguments) -> PlotPage:
    from limner.plot.page import PlotPage
    from limner.plot.paper import length_mm

    if args.landscape and args.portrait:
        refuse(VERB, "a page cannot be landscape and portrait")
    try:
        return PlotPage(
            args.paper,
            True if args.landscape else False if args.portrait else None,
            length_mm(args.margin),
            length_mm(args.pen_width),
            args.columns,
            _scale(args.scale),
            length_mm(args.letters),
            reorder=not args.keep_order,
            merge_mm=length_mm(args.merge),
            clip=args.clip,
            pause=not args.no_pause,
            refill_every_mm=None if args.refill_every is None else length_mm(args.refill_every),
            curve_mm=None if args.curves is None else length_mm(args.curves),
        )
    except ValueError as error:
        refuse(VERB, str(error))


def _scale(text: str) -> float | None:
    if text == "fit":
        return None
    try:
        return 1.0 if text == "true" else float(text)
    except ValueError:
        refuse(VERB, f"--scale is fit, true or a number of millimetres, not {text}")


def _drawings(args: PlotArguments, page: PlotPage) -> tuple[list[Drawing], PlotOptions]:
    from limner.cli.plot_inputs import PageRequest, captions_of, page_drawings, pens_of
    from limner.plot.pens import parse_pen

    try:
        pens = [parse_pen(text) for text in args.pens]
    except ValueError as error:
        refuse(VERB, str(error))
    found = page_drawings(PageRequest(
        args.drawings, args.number, args.label, args.seed, args.weights, args.sampling,
        true_scale=args.scale == "true",
    ))  # fmt: skip
    drawings = [one.drawing for one in found]
    options: PlotOptions = {
        "page": page,
        "pens": pens,
        "pen_of": pens_of(drawings, args.pen_by, len(pens)),
        "captions": captions_of(found, args.captions),
        "title": " ".join(args.drawings),
    }
    return drawings, options


def _refuse_page(args: PlotArguments, error: ValueError) -> NoReturn:
    from limner.errors import LimnerError

    raise LimnerError(f"Cannot write {args.out}: {error}") from error


def _report(plan: PlotPlan, args: PlotArguments, motion: Motion) -> None:
    from limner.corpus.text import counted
    from limner.plot.report import plan_report

    report = plan_report(plan, motion)
    if args.json:
        say_json({"out": str(args.out), **report})
        return
    after = report["after"]
    for layer in report["layers"]:
        say(
            f"  {layer['name']}: {counted(layer['strokes'], 'stroke')}, "
            f"{layer['draw_mm'] / 1000:.2f} m drawn, "
            f"{layer['travel_mm'] / 1000:.2f} m travelled, {layer['minutes']:.1f} minutes"
        )
    page, metres = report["page"], {name: report[name]["travel_mm"] / 1000 for name in ("before", "after")}
    size = f"{page['width_mm']:g} x {page['height_mm']:g} mm"
    way = f"{metres['after']:.2f} m travelled ({metres['before']:.2f} m in the order given)"
    lifts = counted(after["lifts"], "lift")
    drawn = f"{after['draw_mm'] / 1000:.2f} m drawn"
    say(f"{args.out}: {size}, {drawn}, {way}, {lifts}, about {report['minutes']:.1f} minutes")
