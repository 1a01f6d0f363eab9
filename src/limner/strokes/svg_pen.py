"""``Pen``: follows the commands of SVG path data.

Letters: ``n`` curves that one command draws.
"""

from __future__ import annotations

import re
from array import array
from itertools import islice
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from limner.strokes.curves import TooManyPointsError
from limner.strokes.svg_arc import arc_cubics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

WHITE = " \t\r\n\f"
NUMBER = r"[+-]?(?:\d++\.?\d*+|\.\d++)(?:[eE][+-]?\d++)?+"
_SPACE = f"[{WHITE}]*+"
_NEXT = rf"{_SPACE},?{_SPACE}"
NUMBERS = re.compile(rf"{_SPACE}(?:{NUMBER}(?:{_NEXT}{NUMBER})*+)?+{_SPACE}")
ONE_NUMBER = re.compile(NUMBER)
REST = re.compile("[^MZLHVCSQTAmzlhvcsqta]*+")
ARC = re.compile(_NEXT + _NEXT.join([rf"({NUMBER})"] * 3 + ["([01])"] * 2 + [rf"({NUMBER})"] * 2))
ARITY = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2}
RUNS = {
    letter: re.compile(f"(?:{letter}{_SPACE}{_NEXT.join([NUMBER] * ARITY[letter.upper()])}{_SPACE})++")
    for letter in "LlCc"
}
"""The same command again and again, with the numbers of one curve each: what long paths are made of."""
SHORT = 1 << 16  # characters
AT_ONCE = 60_000  # numbers
A_STROKE = 4  # curves take as much memory and time as the array of a stroke
MANY = 48  # numbers that are worth an array


def numbers_of(text: str, most: int) -> Floats | None:
    """Read a list of numbers; None if there is anything else.

    Raises
    ------
    TooManyPointsError
        If there are more than ``most``.
    """
    if not NUMBERS.fullmatch(text):
        return None
    blocks = [np.array(block) for block in _blocks(text, 1, most + 1)]
    numbers = np.concatenate(blocks) if blocks else np.zeros(0)
    if len(numbers) > most:
        raise TooManyPointsError
    return numbers


def _blocks(text: str, arity: int, most: int | None = None) -> Iterator[list[float]]:
    """Yield the numbers in a text, some thousand at a time, a multiple of ``arity`` unless they end."""
    if len(text) < SHORT:
        if numbers := list(map(float, ONE_NUMBER.findall(text))):
            yield numbers
        return
    found = (float(match[0]) for match in islice(ONE_NUMBER.finditer(text), most))
    while block := list(islice(found, AT_ONCE // arity * arity)):
        yield block


class Pen:
    """Follows the commands of a path.

    Parameters
    ----------
    most : int
        How many curves it may draw.
    """

    def __init__(self, most: int) -> None:
        self.left = most
        """How many more curves it may draw."""
        self.subpaths: list[Floats] = []
        """What has been drawn: float64 of shape ``(n, 4, 2)`` each."""
        self._curves = array("d")  # of the subpath at hand: control, control, end
        self._start = self._at = self._control = (0.0, 0.0)
        self._before = ""
        self._is_moved = False  # whether the subpath at hand began with a command of its own

    def follow(self, data: str) -> bool:
        """Obey all commands up to the first that cannot be read; tell whether that is all."""
        place, is_read = 0, True
        while is_read and place < len(data):
            command = data[place]
            run = RUNS[command].match(data, place) if command in RUNS else None
            if run is not None:
                is_read, place = self._obey_all(command, run[0]), run.end()
            rest = REST.match(data, place + (run is None))
            assert rest is not None  # noqa: S101 - it matches anything
            if run is None:
                is_read = self._draw(command, rest[0])
            elif rest[0]:  # more numbers of the last command of the run
                is_read = is_read and self._draw(command, rest[0].removeprefix(","))
            place = rest.end()
        self._lift()
        return is_read

    def _draw(self, command: str, text: str) -> bool:
        """Obey a command with its numbers as far as they can be read; tell whether that is all."""
        if command in "Zz":
            self._close()
            return not text.strip(WHITE)
        if command in "Aa":
            return self._arcs(command == "a", text)
        match = NUMBERS.match(text)
        end = match.end() if match else 0
        return self._obey_all(command, text[:end]) and end == len(text)

    def _obey_all(self, command: str, text: str) -> bool:
        """Obey a command with many numbers; tell whether there are some and they come out even."""
        kind, relative, any_read = command.upper(), command.islower(), False
        for numbers in _blocks(text, ARITY[kind]):
            any_read = True
            if len(numbers) >= MANY and kind in "LC":
                is_even = self._obey_many(kind, relative, np.array(numbers))
            else:
                is_even = self._obey(kind, relative, numbers)
            if not is_even:
                return False
            kind = "L" if kind == "M" else kind
        return any_read

    def _obey_many(self, kind: str, relative: bool, numbers: Floats) -> bool:
        """Obey many lines or cubic curves at once."""
        arity = ARITY[kind]
        points = numbers[: len(numbers) // arity * arity].reshape(-1, arity // 2, 2)  # (n, 1 or 3, 2)
        self._spend(len(points))
        at = np.array([self._at])
        if relative:
            ends = at + np.cumsum(points[:, -1], axis=0)
            points = points + np.concatenate([at, ends[:-1]])[:, None]
        starts = np.concatenate([at, points[:-1, -1]])
        if kind == "L":
            points = np.stack([starts, points[:, 0], points[:, 0]], axis=1)
        self._curves.frombytes(points.tobytes())
        _, (x2, y2), (x, y) = points[-1].tolist()
        self._control, self._at, self._before = (x2, y2), (x, y), kind
        return not len(numbers) % arity

    def _obey(self, kind: str, relative: bool, numbers: list[float]) -> bool:
        """Obey one kind of command, repeated; tell whether the numbers come out even."""
        place, arity = 0, ARITY[kind]
        while place + arity <= len(numbers):
            given = numbers[place : place + arity]
            if kind == "M":
                self._spend(not self._curves)
                self._move(*self._points(given, relative))
                self._before = kind = "L"
            else:
                self._spend(1)
                self._DRAWN[kind](self, given, relative)
                self._before = kind
            place += arity
        return place == len(numbers)

    def _spend(self, n: int) -> None:
        self.left -= n
        if self.left < 0:
            raise TooManyPointsError

    def _points(self, given: list[float], relative: bool) -> list[float]:
        if not relative:
            return given
        x, y = self._at
        return [value + (y if i % 2 else x) for i, value in enumerate(given)]

    def _move(self, x: float, y: float) -> None:
        self._lift()
        self._start = self._at = (x, y)
        self._is_moved = True

    def _lift(self) -> None:
        if self._curves:
            self._spend(A_STROKE)
            chain = np.frombuffer(self._curves, np.float64).reshape(-1, 3, 2)
            starts = np.concatenate([[self._start], chain[:-1, 2]])
            self.subpaths.append(np.concatenate([starts[:, None], chain], axis=1))
            self._curves = array("d")

    def _curve(self, x1: float, y1: float, x2: float, y2: float, x: float, y: float) -> None:
        self._curves.extend((x1, y1, x2, y2, x, y))
        self._at = (x, y)

    def _line(self, x: float, y: float) -> None:
        self._curve(*self._at, x, y, x, y)

    def _close(self) -> None:
        if self._at != self._start or (self._is_moved and not self._curves):
            self._line(*self._start)
        self._lift()
        self._at, self._is_moved, self._before = self._start, False, "Z"

    def _lines(self, given: list[float], relative: bool) -> None:
        x, y = self._points(given, relative)
        self._line(x, y)

    def _across(self, given: list[float], relative: bool) -> None:
        self._line(given[0] + (self._at[0] if relative else 0), self._at[1])

    def _down(self, given: list[float], relative: bool) -> None:
        self._line(self._at[0], given[0] + (self._at[1] if relative else 0))

    def _cubic(self, given: list[float], relative: bool) -> None:
        x1, y1, x2, y2, x, y = self._points(given, relative)
        self._curve(x1, y1, x2, y2, x, y)
        self._control = (x2, y2)

    def _smooth_cubic(self, given: list[float], relative: bool) -> None:
        x1, y1 = self._reflected("CS")
        x2, y2, x, y = self._points(given, relative)
        self._curve(x1, y1, x2, y2, x, y)
        self._control = (x2, y2)

    def _quadratic(self, given: list[float], relative: bool) -> None:
        x1, y1, x, y = self._points(given, relative)
        self._bend(x1, y1, x, y)

    def _smooth_quadratic(self, given: list[float], relative: bool) -> None:
        x, y = self._points(given, relative)
        self._bend(*self._reflected("QT"), x, y)

    def _bend(self, x1: float, y1: float, x: float, y: float) -> None:
        """Draw the cubic curve that a quadratic one is."""
        (x0, y0), share = self._at, 2 / 3
        inner = (x0 + (x1 - x0) * share, y0 + (y1 - y0) * share, x + (x1 - x) * share, y + (y1 - y) * share)
        self._curve(*inner, x, y)
        self._control = (x1, y1)

    def _reflected(self, kinds: str) -> tuple[float, float]:
        """Return the control point that goes on smoothly, if the curve before is of the same kind."""
        (x, y), (x2, y2) = self._at, self._control
        return (2 * x - x2, 2 * y - y2) if self._before and self._before in kinds else (x, y)

    def _arcs(self, relative: bool, text: str) -> bool:
        place = 0
        if text.lstrip(WHITE).startswith(","):
            return False
        while match := ARC.match(text, place):
            self._spend(1)
            rx, ry, turn, x, y = (float(match[i]) for i in (1, 2, 3, 6, 7))
            end = (x + self._at[0], y + self._at[1]) if relative else (x, y)
            for cubic in arc_cubics(self._at, (rx, ry), turn, match[4] == "1", match[5] == "1", end):
                self._curve(*cubic)
            self._before, place = "A", match.end()
        return place > 0 and not text[place:].strip(WHITE)

    _DRAWN: ClassVar[Mapping[str, Callable[[Pen, list[float], bool], None]]] = {
        "L": _lines,
        "H": _across,
        "V": _down,
        "C": _cubic,
        "S": _smooth_cubic,
        "Q": _quadratic,
        "T": _smooth_quadratic,
    }
