"""Pages of HTML: one base and one style sheet, filled by Jinja, and the parts that reports are made of.

A page stands for itself: one HTML file that fetches nothing, light or dark, on wide and small screens.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from PIL.Image import Image

from limner.render.chart import ChartLine, line_chart

TEMPLATES = Path(__file__).with_name("templates")
CLIP = 0.05
"""Share of the highest points that may leave a chart: the first steps would flatten the rest."""


def fill_template(template: Path, **values: object) -> str:
    """Return a page made of a template, which may extend ``base.html`` and include ``page.css``.

    Parameters
    ----------
    template : Path
        A Jinja template; other templates are looked for in its folder and then in that of ``base.html``.
    **values
        What the template names; text is escaped unless the template says ``|safe``.

    Raises
    ------
    jinja2.UndefinedError
        If the template names a value that is not given.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # slow to import, seldom needed

    pages = Environment(
        loader=FileSystemLoader([template.parent, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return pages.get_template(template.name).render(values)


@dataclass(frozen=True)
class Table:
    """Cells below headings; the first column names the rows."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]

    def html(self) -> str:
        """Return the table as HTML."""
        body = "\n".join(_row("td", row) for row in self.rows)
        return f'<div class="scroll"><table>{_row("th", self.headings)}\n{body}</table></div>'

    def markdown(self) -> str:
        """Return the table as Markdown."""
        lines = [self.headings, ["---"] * len(self.headings), *self.rows]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)


@dataclass(frozen=True)
class Picture:
    """A picture in PNG, and what it shows."""

    png: bytes
    caption: str

    @classmethod
    def read(cls, path: Path, caption: str) -> Picture:
        """Read the picture from a PNG file."""
        return cls(path.read_bytes(), caption)

    @classmethod
    def of(cls, image: Image, caption: str) -> Picture:
        """Encode an image."""
        file = io.BytesIO()
        image.save(file, "PNG", optimize=True)
        return cls(file.getvalue(), caption)

    def html(self) -> str:
        """Return the picture as HTML that holds the file."""
        data = base64.b64encode(self.png).decode("ascii")
        picture = f'<img src="data:image/png;base64,{data}" alt="{escape(self.caption)}">'
        return f"<figure>{picture}<figcaption>{escape(self.caption)}</figcaption></figure>"


def page(title: str, parts: Sequence[str]) -> str:
    """Return a report: parts of HTML below each other on a page; empty parts are left out."""
    return fill_template(TEMPLATES / "report.html", title=title, parts=[part for part in parts if part])


def chart(title: str, lines: Sequence[ChartLine], *, x_unit: str = "steps", clip: float = CLIP) -> str:
    """Return a line chart below a title; an empty text if there is nothing to draw."""
    drawn = line_chart(lines, name=title, x_unit=x_unit, clip=clip)
    return f"<figure><figcaption>{escape(title)}</figcaption>{drawn}</figure>" if drawn else ""


def section(heading: str, note: str, parts: Sequence[str]) -> str:
    """Return parts below a heading and a note; an empty text if all parts are empty."""
    shown = [part for part in parts if part]
    about = f'<p class="soft">{escape(note)}</p>' if note else ""
    return "\n".join([f"<h2>{escape(heading)}</h2>", about, *shown]) if shown else ""


def _row(tag: str, cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"
