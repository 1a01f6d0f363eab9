"""The report of ``handful``: a page with sheets beside the drawings they come from, and the table as text."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path

import numpy as np

from limner.evaluation.experiments.handful.hands import Hand
from limner.evaluation.experiments.handful.judging import Judging, shown
from limner.evaluation.experiments.handful.trainings import COLUMNS, SHOWN, STYLE, HandResult
from limner.evaluation.experiments.plan import Claim
from limner.evaluation.experiments.report import FIGURES, PAGE, TEXT, claims_html, claims_lines
from limner.files import write_text
from limner.render.page import Picture, Table, page, section
from limner.render.write import write_drawings

REAL = "real drawings"
COLUMN_FORMATS: Mapping[str, Callable[[Mapping[str, float]], str]] = {
    "NLL/point": lambda f: f"{f['nll']:.3f}",
    "KID": lambda f: f"{f['kid']:.2f} [{f['kid_low']:.2f}, {f['kid_high']:.2f}]",
    "recognised": lambda f: f"{f['recognised']:.0%}",
    "at T": lambda f: f"{f['temperature']:.2g}",
    "copies": lambda f: f"{f['copies']:.0%}",
    "nearness": lambda f: f"{f['nearness']:.2f}",
    "minutes": lambda f: f"{f['minutes']:.1f}",
    "of a core": lambda f: f"{f['processor']:.1f}",
    "steps": lambda f: f"{f['steps']:,.0f}",
}
LEGEND = (
    "NLL/point is of drawings that were set aside, in nats and the corpus's units: offsets, pen and one end "
    "row, over the points. KID compares samples with the same drawings, with its interval of 95 % (each "
    "drawing left out in turn); real drawings are those that were learned from. Recognised: samples that the "
    "protocol's encoder takes for the class, among all that it knows, at the temperature at which most are. "
    "Copies: samples nearer to a drawing that was learned than 99 % of those set aside are (where five are "
    "set aside, one new drawing in six would count); nearness: the median distance to the nearest one, over "
    "that of those set aside. Minutes are by the clock; of a core: of the processor, which the limit counts "
    "and other work may share."
)


@dataclass(frozen=True)
class HandfulReport:
    """What there is to say so far."""

    hands: Sequence[Hand]
    rows: Sequence[HandResult]
    claims: Sequence[Claim]
    real: Mapping[str, Mapping[str, float]]
    """What real drawings reach, by the folder of the hand."""
    out: Path
    command: str
    question: str
    about: str

    def write(self) -> Path:
        """Write ``index.html``, ``report.md`` and ``results.json``; return the page."""
        self.out.mkdir(parents=True, exist_ok=True)
        write_text(self.out / TEXT, self._markdown())
        values = {"claims": [asdict(claim) for claim in self.claims], "real": dict(self.real)}
        rows = [{**asdict(row), "sheet": str(row.sheet)} for row in self.rows]
        write_text(self.out / FIGURES, json.dumps({**values, "rows": rows}, indent=1) + "\n")
        write_text(self.out / PAGE, self._html())
        return self.out / PAGE

    def _html(self) -> str:
        parts = [
            '<p class="soft">limner experiment handful</p>',
            f"<h1>{escape(self.question)}</h1>\n<p>{escape(self.about)}</p>",
            claims_html(self.claims),
            section("In short", "Means over hands and seeds.", [self.summary().html()]),
            f'<p class="soft">{escape(LEGEND)}</p>',
            *(self._pictures(hand) for hand in self.hands),
            section("Every training", "", [self.details().html()]),
            section("How to run it again", "", [f"<pre>{escape(self.command)}</pre>"]),
        ]
        return page("limner experiment: handful", parts)

    def _pictures(self, hand: Hand) -> str:
        every = self._of(hand)
        firsts = {start: min(r.seed for r in every if r.start == start) for start in {r.start for r in every}}
        rows = [row for row in every if row.seed == firsts[row.start]]
        learned = Picture.read(learned_sheet(hand, self.out), "learned from")
        drawn = [Picture.read(row.sheet, f"{row.start}, T {row.figures['temperature']:.2g}") for row in rows]
        heading = f"{hand.name}, {hand.size:,} drawings"
        return section(heading, "", [picture.html() for picture in (learned, *drawn)]) if rows else ""

    def _of(self, hand: Hand) -> list[HandResult]:
        return [row for row in self.rows if (row.hand, row.size) == (hand.name, hand.size)]

    def _markdown(self) -> str:
        lines = [f"# {self.question}", "", self.about, "", f"    {self.command}", ""]
        lines += [
            *claims_lines(self.claims),
            "",
            self.summary().markdown(),
            "",
            LEGEND,
            "",
            self.details().markdown(),
            "",
        ]
        return "\n".join(lines)

    def summary(self) -> Table:
        """Return a table with a row for each group of hands and way to learn them."""
        lines = []
        for group in dict.fromkeys(hand.group for hand in self.hands):
            rows = [row for row in self.rows if row.group == group]
            for start in dict.fromkeys(row.start for row in rows):
                some = [row.figures for row in rows if row.start == start]
                lines.append([group, start, f"{len(some)}", *_cells(_mean(some))])
            folders = [hand.folder for hand in self.hands if hand.group == group and self._of(hand)]
            some_real = [self.real[folder] for folder in folders if self.real.get(folder)]
            if some_real:
                lines.append([group, REAL, f"{len(some_real)}", *_cells(_mean(some_real))])
        return Table(["hand", "learned by", "trainings", *COLUMN_FORMATS], lines)

    def details(self) -> Table:
        """Return a table with a row for each training."""
        lines = [
            [row.hand, f"{row.size:,}", row.start, f"{row.seed}", *_cells(row.figures)] for row in self.rows
        ]
        return Table(["hand", "drawings", "learned by", "seed", *COLUMN_FORMATS], lines)


def learned_sheet(hand: Hand, out: Path) -> Path:
    """Return a sheet of what a hand is learned from, which is drawn if it is not there."""
    path = out / "learned" / f"{hand.folder}.png"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_drawings(shown(hand.drawings(), SHOWN), path, style=STYLE, columns=COLUMNS)
    return path


def real_figures(hands: Sequence[Hand], judging: Judging) -> dict[str, dict[str, float]]:
    """Return what real drawings reach, by the folder of the hand."""
    return {hand.folder: judging.real(hand) for hand in hands}


def _mean(figures: Sequence[Mapping[str, float]]) -> dict[str, float]:
    names = dict.fromkeys(name for one in figures for name in one)
    return {name: float(np.mean([one[name] for one in figures if name in one])) for name in names}


def _cells(figures: Mapping[str, float]) -> list[str]:
    cells = []
    for show in COLUMN_FORMATS.values():
        try:
            cells.append(show(figures))
        except KeyError:  # a figure that does not apply
            cells.append("")
    return cells
