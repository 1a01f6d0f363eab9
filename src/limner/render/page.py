"""The parts that reports are made of: a page, tables, charts, sheets."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template

from PIL.Image import Image

from limner.render.chart import Line, line_chart

TEMPLATE = Path(__file__).with_name("page.html")
CLIP = 0.05
"""Share of the highest points that may leave a chart: the first steps would flatten all else."""


@dataclass(frozen=True)
class Table:
    """Cells below headings; the first column names the rows."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]

    def html(self) -> str:
        """Give it for a page."""
        body = "\n".join(_row("td", row) for row in self.rows)
        return f'<div class="scroll"><table>{_row("th", self.headings)}\n{body}</table></div>'

    def markdown(self) -> str:
        """Give it for a text."""
        lines = [self.headings, ["---"] * len(self.headings), *self.rows]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)


@dataclass(frozen=True)
class Picture:
    """A picture in PNG, and what it shows."""

    png: bytes
    caption: str

    @classmethod
    def read(cls, path: Path, caption: str) -> Picture:
        """Take it from a file."""
        return cls(path.read_bytes(), caption)

    @classmethod
    def of(cls, image: Image, caption: str) -> Picture:
        """Take it from memory."""
        file = io.BytesIO()
        image.save(file, "PNG", optimize=True)
        return cls(file.getvalue(), caption)

    def html(self) -> str:
        """Give it for a page, the file inside."""
        data = base64.b64encode(self.png).decode("ascii")
        picture = f'<img src="data:image/png;base64,{data}" alt="{escape(self.caption)}">'
        return f"<figure>{picture}<figcaption>{escape(self.caption)}</figcaption></figure>"


def page(title: str, parts: Sequence[str]) -> str:
    """Set parts of HTML on a page that stands for itself."""
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        title=escape(title), body="\n".join(part for part in parts if part)
    )


def chart(title: str, lines: Sequence[Line], *, x_unit: str = "steps", clip: float = CLIP) -> str:
    """Draw lines below a title; nothing where there is nothing to draw."""
    drawn = line_chart(lines, name=title, x_unit=x_unit, clip=clip)
    return f"<figure><figcaption>{escape(title)}</figcaption>{drawn}</figure>" if drawn else ""


def section(heading: str, note: str, parts: Sequence[str]) -> str:
    """Put parts under a heading; nothing where there are none."""
    found = [part for part in parts if part]
    about = f'<p class="soft">{escape(note)}</p>' if note else ""
    return "\n".join([f"<h2>{escape(heading)}</h2>", about, *found]) if found else ""


def _row(tag: str, cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"
