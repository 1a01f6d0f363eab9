"""``limner build``: make a corpus file."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from limner.cli.arguments import CorpusNames, Flag, Seed, parse, refuse
from limner.cli.report import progress_bar, say, say_json, table

VERB = "build"


@dataclass(frozen=True)
class Arguments:
    """Make a corpus file of npz, ndjson, parquet or SVG; single bad drawings are left out and reported."""

    sources: CorpusNames
    """Files and folders, or the name doodles."""
    out: Path
    """A .npz file (stroke-3 for any sketch-rnn) or a .parquet file (with labels and sources)."""
    recognized_only: Flag = False
    """Leave out drawings that the QuickDraw game did not recognise."""
    seed: Seed = 0
    """Decides the splits of drawings that come without."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(Arguments, argv, VERB)
    if not args.sources:
        refuse(VERB, "CORPUS is missing")
    from limner.corpus.build import build

    with progress_bar("Reading") as progress:
        report = build(
            args.sources, args.out, seed=args.seed, recognized_only=args.recognized_only, progress=progress
        )
    if args.json:
        say_json(asdict(report))
        return
    say(table([("split", "drawings"), *((name, str(n)) for name, n in report.splits.items())]))
    say(f"N_max {report.n_max}, scale factor {report.scale_factor:.4f}: {args.out}")
    for reason, n in report.reasons.items():
        say(f"left out {n}: {reason}")
    for note in report.notes:
        say(f"note: {note}")
