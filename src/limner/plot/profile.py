"""``Profile``: how a machine wants its commands; three come with limner, others are TOML files.

A profile is a table of templates. Their fields stand in braces; which ones there are depends on the template,
see :data:`FIELDS`. A field of the profile's own table ``words`` may be used in all of them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Any

from limner.errors import DataError, LimnerError, quote_list
from limner.plot.duration import Motion
from limner.settings import did_you_mean, from_dict

SHIPPED = ("servo", "grbl-z", "hp7475a")
"""Names of the profiles that come with limner."""
_PAGE = ("width", "height", "title", "travel_feed")
_LAYER = (*_PAGE, "number", "name", "pen", "draw_feed", "draw_cm_s")
FIELDS = {
    "document": _PAGE, "layer": _LAYER, "stroke": (*_LAYER, "x", "y"),
}  # fmt: skip
"""The fields of the templates of each table: sizes and coordinates in the machine's units, feeds in
millimetres a minute, ``draw_cm_s`` in centimetres a second."""


@dataclass(frozen=True)
class DocumentTemplates:
    """What stands before and behind everything; the end lifts the pen and parks it."""

    begin: str = ""
    end: str = ""


@dataclass(frozen=True)
class LayerTemplates:
    """What stands before and behind a layer; ``pause`` before one that waits for somebody."""

    pause: str = ""
    begin: str = ""
    end: str = ""


@dataclass(frozen=True)
class StrokeTemplates:
    """The way to a stroke's first point and the pen down; each further point; the pen up."""

    begin: str = ""
    point: str = ""
    end: str = ""


@dataclass(frozen=True)
class PaperOfMachine:
    """Where a paper lies on the machine: millimetres of its sides, its zero and what the pen can reach.

    ``zero_mm`` is the machine's zero on the page, from the paper's lower left corner to the right and up;
    ``reach`` the largest x and y in the machine's units; nothing below 0 can be reached.
    """

    size_mm: tuple[float, float] = (0.0, 0.0)
    zero_mm: tuple[float, float] = (0.0, 0.0)
    reach: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Profile:
    """A machine.

    Parameters
    ----------
    name : str
        For people.
    suffixes : tuple of str
        Of its files, in lower case with the dot.
    units_per_mm : float
    digits : int
        Decimals of coordinates.
    y_up : bool
        Whether y grows upward from the paper's lower left corner, not downward from the upper left one.
    turn : bool
        Whether an upright page is turned so that its long side lies along x.
    pens : int
        Pens that the machine changes by itself; 0 if people change them.
    document, layer, stroke
        Templates.
    words : mapping of str to str
        Texts that templates may use as fields.
    motion : Motion
        Speeds, for the templates and for the report.
    papers : tuple of PaperOfMachine
        Papers that the machine takes; any, with its zero in the corner, if there is none.
    """

    name: str = ""
    suffixes: tuple[str, ...] = ()
    units_per_mm: float = 1.0
    digits: int = 3
    y_up: bool = True
    turn: bool = False
    pens: int = 0
    document: DocumentTemplates = field(default_factory=DocumentTemplates)
    layer: LayerTemplates = field(default_factory=LayerTemplates)
    stroke: StrokeTemplates = field(default_factory=StrokeTemplates)
    words: Mapping[str, str] = field(default_factory=dict)
    motion: Motion = field(default_factory=Motion)
    papers: tuple[PaperOfMachine, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.units_per_mm < 1e6 or not 0 <= self.digits <= 6:
            raise ValueError("units_per_mm must be above 0, and digits from 0 to 6.")
        if not self.stroke.begin or not self.stroke.point:
            raise ValueError("stroke.begin and stroke.point must not be empty; nothing would be drawn.")
        for table, known in FIELDS.items():
            templates = getattr(self, table)
            for one in fields(templates):
                _check_fields(f"{table}.{one.name}", getattr(templates, one.name), (*known, *self.words))


def load_profile(name: str | Path) -> Profile:
    """Return a profile of limner's, or of a TOML file, which may change one of them by ``extends``.

    Raises
    ------
    LimnerError
        If there is none of that name.
    DataError
        If the file cannot be read, or a setting is unknown or wrong.
    """
    path = Path(name)
    if path.suffix.lower() == ".toml":
        try:
            return _profile(path.read_text(encoding="utf-8"), str(path))
        except OSError as error:
            raise DataError(f"{path}: {(error.strerror or str(error)).lower()}.") from error
        except UnicodeDecodeError as error:
            raise DataError(f"{path} is no text in UTF-8; save it as such.") from error
    if str(name) not in SHIPPED:
        raise LimnerError(
            f"there is no plotter profile {str(name)!r}; {did_you_mean(str(name), SHIPPED)} "
            "A profile of your own is a .toml file."
        )
    return _shipped(str(name))


def profile_of_suffix(suffix: str) -> Profile | None:
    """Return the first of limner's profiles whose files have a suffix."""
    found = (_shipped(name) for name in SHIPPED)
    return next((profile for profile in found if suffix in profile.suffixes), None)


@cache
def _shipped(name: str) -> Profile:
    return _profile((files("limner.plot.profiles") / f"{name}.toml").read_text(encoding="utf-8"), name)


def _profile(text: str, where: str) -> Profile:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{where} is no TOML: {error}.") from error
    base = values.pop("extends", None)
    start = _BLANK if base is None else load_profile(_known_base(base, where))
    words = values.pop("words", {})
    if not (isinstance(words, dict) and all(isinstance(word, str) for word in words.values())):
        raise DataError(f"{where}: words is a table of texts.")
    papers = _papers(values.pop("papers", None), where)
    changes: dict[str, Any] = {"words": {**start.words, **words}}
    if papers is not None:
        changes["papers"] = papers
    try:
        return from_dict(Profile, values, where=where, base=replace(start, **changes))
    except ValueError as error:
        raise DataError(f"{where}: {error}") from error


def _known_base(base: object, where: str) -> str:
    if base not in SHIPPED:
        raise DataError(f"{where}: extends is one of {quote_list(SHIPPED)}, not {base!r}.")
    return str(base)


def _papers(values: object, where: str) -> tuple[PaperOfMachine, ...] | None:
    if values is None:
        return None
    if not (isinstance(values, list) and all(isinstance(one, dict) for one in values)):
        raise DataError(f"{where}: papers is an array of tables, [[papers]].")
    return tuple(from_dict(PaperOfMachine, one, where=f"{where}: papers") for one in values)


def _check_fields(template: str, text: str, known: tuple[str, ...]) -> None:
    try:
        found = [(name, form, way) for _, name, form, way in Formatter().parse(text) if name is not None]
    except ValueError as error:
        raise ValueError(
            f"{template} cannot be read: {error}; a brace that is none is written twice."
        ) from error
    for name, form, way in found:
        if name not in known:
            raise ValueError(f"{template} has no field {name!r}; {did_you_mean(name, known)}")
        if form or way:
            raise ValueError(f"{template}: {{{name}}} takes no format; digits says how numbers are written.")


_BLANK = Profile(stroke=StrokeTemplates("{x}", "{y}", ""))
"""What a profile that extends none begins with; it must name its own templates."""
