"""``limner scan``: from pictures of drawings to the strokes the hand made."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from limner.cli.arguments import Flag, LookOptions, parse, refuse
from limner.cli.console import complain_list, progress_bar, say, say_json
from limner.cli.values import not_negative, whole
from limner.render.look import Look
from limner.scan.settings import FixesChoice, RulingChoice, ScanSettings

if TYPE_CHECKING:
    from limner.scan.batch import ScanBatch

VERB = "scan"
LONGEST_PX = 10_000.0


@dataclass(frozen=True)
class ScanArguments:
    """Read pictures of line drawings as strokes: an SVG for each, report.json and contact.png."""

    images: tyro.conf.Positional[
        Annotated[tuple[str, ...], tyro.conf.arg(metavar="IMAGE ...", help_behavior_hint="(required)")]
    ]
    """Pictures (PNG, JPEG, TIFF, WebP), folders of them, or patterns such as 'book*/page_?.png'."""
    out: Path
    """A folder."""
    single_line: Flag = False
    """One stroke for each connected figure, with as little ink drawn twice as can be."""
    tolerance_px: Annotated[float, not_negative(LONGEST_PX)] = ScanSettings.tolerance_px
    """Tolerance of simplification: how far strokes may leave the centre line of the ink."""
    shortest_px: Annotated[float, not_negative(LONGEST_PX)] = ScanSettings.shortest_px
    """Leave out shorter strokes; dots have no length."""
    drop_marks: Flag = False
    """Leave out small marks far from the drawing, such as page numbers and dates."""
    ruling: RulingChoice = ScanSettings.ruling
    """Printed lines, squares and dots are left out where they are found (auto), or kept (keep)."""
    look: LookOptions = field(default_factory=Look)
    """What the contact sheets look like; the SVG files keep what was read."""
    tracer: str = ScanSettings.tracer
    """How ink becomes strokes: skeleton, or a tracer that another package adds."""
    fixes: FixesChoice = ScanSettings.fixes
    """Apply what was changed by hand, page.fixes.toml beside page.png as the studio saves it, or ignore."""
    variable_width: Flag = False
    """Write strokes as filled outlines, as wide as the ink at each place, not as lines of one width each."""
    jobs: Annotated[int | None, whole(1), tyro.conf.arg(help_behavior_hint="")] = None
    """Worker processes; as many as there are cores unless given."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> int:
    """Run the verb."""
    args = parse(ScanArguments, argv, VERB)
    if not args.images:
        refuse(VERB, "IMAGE is missing")
    from limner.scan.batch import scan_files
    from limner.scan.contact_sheet import contact_style

    settings = ScanSettings(**{one.name: getattr(args, one.name) for one in fields(ScanSettings)})
    style = contact_style(args.look)
    with progress_bar("Reading") as progress:
        batch = scan_files(
            args.images,
            args.out,
            settings,
            jobs=args.jobs,
            progress=progress,
            style=style,
            variable_width=args.variable_width,
        )
    if args.json:
        if batch.pages:
            say_json({"pages": batch.pages, "failures": batch.failures})
    else:
        _tell(batch, args.out)
    complain_list(list(batch.failures.values()))
    return 1 if batch.failures else 0


def _tell(batch: ScanBatch, out: Path) -> None:
    from limner.corpus.text import counted

    for page in batch.pages:
        notes = "".join(f"; {warning}" for warning in page["warnings"])
        found = f"{counted(page['strokes'], 'stroke')}, {counted(page['points'], 'point')}"
        say(f"{page['svg']}: {found}{notes}")
    if batch.pages:
        drawings = counted(len(batch.pages), "drawing")
        say(f"{out}: {drawings}; look at contact.png, all figures are in report.json")
