"""InkML, W3C's format of digital ink: the traces of a file are the strokes of one drawing.

Read are trace formats with X and Y among other channels in any order, differences (``'`` and ``"``),
groups, contexts, and traces that go on with others; groups that are annotated as a ``drawing`` are
drawings. Traces of a pen that is up, and those that only stand in definitions, are no ink. Y grows
downward, as the standard has it, unless the channel's orientation is ``-ve``. Source: Ink Markup Language,
W3C Recommendation 2011, sections 3 and 4.

Letters: ``n`` points of a trace.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

import numpy as np

from limner.corpus.formats.format import (
    BadDrawing,
    DrawingRecord,
    DrawingRecords,
    Format,
    ReadOptions,
    without_blanks,
)
from limner.corpus.formats.records import drawings_of, lost
from limner.corpus.formats.xml_tree import root_tag, xml_tree
from limner.corpus.rows import checked
from limner.files import write_text
from limner.strokes.formats import polylines_to_stroke3

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from numpy.typing import NDArray

    from limner.corpus.corpus import Corpus

_VALUE = re.compile(r"([!'\"]?)\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|#[0-9A-Fa-f]+|[TF*?])|(\S)")
_DRAWING = "drawing"  # how the writer marks groups that are drawings of their own
_TRUTHS = ("truth", "label", "class", "word")
_DEPTH = 100  # of references from traces to contexts and formats


class Channels(NamedTuple):
    """The positions of X and Y among the values of a point, and their signs."""

    x: int = 0
    y: int = 1
    x_sign: int = 1
    y_sign: int = 1


@dataclass
class _Channel:
    """The state of one channel of a trace, to which its next value is relative."""

    mode: str = "!"
    value: float = 0.0
    speed: float = 0.0

    def next(self, prefix: str, text: str) -> float:
        self.mode = prefix or self.mode
        if text in "*?TF":
            self.value += self.speed if self.mode != "!" else 0.0
            return self.value
        number = float(int(text[1:16], 16)) if text.startswith("#") else float(text)
        before = self.value
        if self.mode == "!":
            self.value = number
        else:
            self.value += number if self.mode == "'" else self.speed + number
        self.speed = self.value - before
        return self.value


def is_inkml(head: bytes) -> bool:
    """Return whether a file is InkML."""
    return root_tag(without_blanks(head)) == b"ink"


def read_inkml(path: Path, options: ReadOptions) -> DrawingRecords:
    """Read a file of one drawing.

    Raises
    ------
    DataError
        If it is no XML.
    """
    del options
    root = xml_tree(path)
    ink = _Ink(root)
    groups = [one for one in root.findall("traceGroup") if _annotation(one, (_DRAWING,))]
    for whole in groups or [root]:
        key = _annotation(whole, (_DRAWING,))
        try:
            lines = list(ink.traces(whole))
            yield DrawingRecord(checked(polylines_to_stroke3(lines)), _annotation(whole, _TRUTHS), key)
        except ValueError as error:
            yield BadDrawing(str(error), key)


class _Ink:
    """Reads the traces of an InkML document."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.by_id = {one.get("id", ""): one for one in root.iter() if one.get("id")}
        first = next(root.iter("traceFormat"), None)
        self.usual = Channels() if first is None else _channels(first)

    def traces(self, whole: Element) -> Iterator[NDArray[np.float64]]:
        """Return the traces below an element in their order, joined to those that they continue."""
        parts_by_id: dict[str, list[NDArray[np.float64]]] = {}
        drawn = list(self._drawn(whole, inside=False)) or list(self._drawn(whole, inside=True))
        for number, (trace, context) in enumerate(drawn):
            points = points_of("".join(trace.itertext()), self._channels(trace, context))
            name = trace.get("id") or f"\0{number}"
            prior = trace.get("priorRef", "").lstrip("#")
            if trace.get("continuation") in ("middle", "end") and prior in parts_by_id:
                parts_by_id[prior].append(points)
                parts_by_id[name] = parts_by_id[prior]
            else:
                parts_by_id[name if name not in parts_by_id else f"\0{number}"] = [points]
        yield from (
            np.concatenate(parts) for parts in {id(parts): parts for parts in parts_by_id.values()}.values()
        )

    def _drawn(self, whole: Element, *, inside: bool) -> Iterator[tuple[Element, str | None]]:
        """Yield the traces that are ink, each with the context of its group."""
        waiting = [(whole, whole.get("contextRef"))]
        while waiting:
            one, context = waiting.pop()
            if one.tag == "trace":
                if one.get("type") != "penUp":
                    yield one, context
                continue
            children = []
            for child in one:
                if child.tag == "context":
                    context = f"#{child.get('id')}" if child.get("id") else context
                if child.tag != "definitions" or inside:
                    children.append((child, child.get("contextRef") or context))
            waiting += reversed(children)

    def _channels(self, trace: Element, context: str | None) -> Channels:
        """Return the channels of a trace, from its context."""
        element = self._referred(trace.get("contextRef") or context)
        for _ in range(_DEPTH):
            if element is None:
                return self.usual
            if element.tag == "traceFormat":
                return _channels(element)
            own = next(element.iter("traceFormat"), None)
            if own is not None:
                return _channels(own)
            at = ("traceFormatRef", "inkSourceRef", "contextRef")
            element = next(
                (one for one in map(self._referred, map(element.get, at)) if one is not None), None
            )
        return self.usual

    def _referred(self, reference: str | None) -> Element | None:
        return self.by_id.get(reference.rpartition("#")[2]) if reference else None


def points_of(text: str, channels: Channels) -> NDArray[np.float64]:
    """Return the points of a trace, ``(n, 2)``; points without an X or Y are left out.

    Raises
    ------
    ValueError
        If something in it is no value.
    """
    states, points = [_Channel() for _ in range(max(channels.x, channels.y) + 1)], []
    for point in text.split(","):
        values = []
        for number, match in enumerate(_VALUE.finditer(point)):
            if match[3]:
                raise ValueError(f"a trace holds {match[3]!r}, which is no value")
            if number < len(states):
                values.append(states[number].next(match[1], match[2]))
        if len(values) == len(states):
            points.append((channels.x_sign * values[channels.x], channels.y_sign * values[channels.y]))
    return np.array(points, np.float64).reshape(-1, 2)


def _channels(trace_format: Element) -> Channels:
    regular = list(trace_format.iter("channel"))
    names = [one.get("name", "").upper() for one in regular]
    if "X" not in names or "Y" not in names:
        return Channels()
    signs = [-1 if one.get("orientation") == "-ve" else 1 for one in regular]
    x, y = names.index("X"), names.index("Y")
    return Channels(x, y, signs[x], signs[y])


def _annotation(one: Element, kinds: tuple[str, ...]) -> str | None:
    words = {note.get("type", "").lower(): (note.text or "").strip() for note in one.findall("annotation")}
    return next((words[kind] for kind in kinds if words.get(kind)), None)


def write_inkml(corpus: Corpus, path: Path) -> tuple[str, ...]:
    """Write an ink: one drawing as it is, several as groups of traces, each with what it is called."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<ink xmlns="http://www.w3.org/2003/InkML">']
    many = len(corpus) > 1
    for _, drawing in drawings_of(corpus):
        label = "" if drawing.label is None else _note("truth", drawing.label)
        traces = [", ".join(f"{x:.9g} {y:.9g}" for x, y in stroke.tolist()) for stroke in drawing]
        body = label + "".join(f"<trace>{trace}</trace>" for trace in traces)
        lines.append(
            f"<traceGroup>{_note(_DRAWING, drawing.source or '#')}{body}</traceGroup>" if many else body
        )
    write_text(path, "\n".join([*lines, "</ink>"]) + "\n")
    return lost(corpus, "An .inkml file")


def _note(kind: str, text: str) -> str:
    return f'<annotation type="{kind}">{escape(text)}</annotation>'


FORMAT = Format(
    "inkml",
    "W3C's digital ink",
    (".inkml",),
    is_inkml,
    shared=(".xml",),
    drawings=read_inkml,
    write=write_inkml,
)
