"""``PathPen``: follows the commands of SVG path data.

Letters: ``n`` curves that one command draws, ``k`` curves of a subpath.
"""

from __future__ import annotations

import re
from array import array
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from limner.strokes.curves import TooManyPointsError
from limner.strokes.svg.arc import arc_cubics
from limner.strokes.svg.numbers import NUMBER, NUMBERS, SEPARATOR, SPACE, WHITE, number_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

REST = re.compile("[^MZLHVCSQTAmzlhvcsqta]*+")
"""Everything up to the next command."""
ARC = re.compile(SEPARATOR + SEPARATOR.join([rf"({NUMBER})"] * 3 + ["([01])"] * 2 + [rf"({NUMBER})"] * 2))
ARITY = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2}
"""Numbers that each command takes."""
RUNS = {
    letter: re.compile(f"(?:{letter}{SPACE}{SEPARATOR.join([NUMBER] * ARITY[letter.upper()])}{SPACE})++")
    for letter in "LlCc"
}
"""The same command repeated, with the numbers of one curve each: most of the text of long paths."""
SUBPATH_COST = 4
"""Curves that take as much memory and time as the array of one more subpath."""
VECTORISED_FROM = 48
"""Numbers from which numpy is faster than a loop."""


class PathPen:
    """Follows the commands of a path.

    Parameters
    ----------
    max_curves : int
        Number of curves allowed.
    """

    def __init__(self, max_curves: int) -> None:
        self.left = max_curves
        """Number of curves that may still be drawn."""
        self.subpaths: list[Floats] = []
        """The curves drawn, float64 of shape ``(k, 4, 2)`` for each subpath."""
        self._curves = array("d")  # of the current subpath: control, control, end
        self._start = self._at = self._control = (0.0, 0.0)
        self._before = ""
        self._is_moved = False  # whether the current subpath began with a move of its own

    def follow(self, data: str) -> bool:
        """Execute all commands up to the first invalid one; return whether there was none."""
        position, is_read = 0, True
        while is_read and position < len(data):
            command = data[position]
            run = RUNS[command].match(data, position) if command in RUNS else None
            if run is not None:
                is_read, position = self._repeat(command, run[0]), run.end()
            rest = REST.match(data, position + (run is None))
            assert rest is not None  # noqa: S101 - it matches anything
            if run is None:
                is_read = self._draw(command, rest[0])
            elif rest[0]:  # more numbers of the last command of the run
                is_read = is_read and self._draw(command, rest[0].removeprefix(","))
            position = rest.end()
        self._lift()
        return is_read

    def _draw(self, command: str, text: str) -> bool:
        """Execute a command with its numbers up to the first invalid one; return whether there was none."""
        if command in "Zz":
            self._close()
            return not text.strip(WHITE)
        if command in "Aa":
            return self._arcs(command == "a", text)
        match = NUMBERS.match(text)
        end = match.end() if match else 0
        return self._repeat(command, text[:end]) and end == len(text)

    def _repeat(self, command: str, text: str) -> bool:
        """Execute a repeated command; return whether there are numbers, a multiple of its arity."""
        kind, relative, has_numbers = command.upper(), command.islower(), False
        for numbers in number_blocks(text, ARITY[kind]):
            has_numbers = True
            if len(numbers) >= VECTORISED_FROM and kind in "LC":
                is_even = self._repeat_vectorised(kind, relative, np.array(numbers))
            else:
                is_even = self._repeat_loop(kind, relative, numbers)
            if not is_even:
                return False
            kind = "L" if kind == "M" else kind
        return has_numbers

    def _repeat_vectorised(self, kind: str, relative: bool, numbers: Floats) -> bool:
        """Execute many lines or cubic curves at once."""
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

    def _repeat_loop(self, kind: str, relative: bool, numbers: list[float]) -> bool:
        """Execute a repeated command; return whether the numbers are a multiple of its arity."""
        position, arity = 0, ARITY[kind]
        while position + arity <= len(numbers):
            arguments = numbers[position : position + arity]
            if kind == "M":
                self._spend(not self._curves)
                self._move(*self._points(arguments, relative))
                self._before = kind = "L"
            else:
                self._spend(1)
                self._DRAWN[kind](self, arguments, relative)
                self._before = kind
            position += arity
        return position == len(numbers)

    def _spend(self, n: int) -> None:
        self.left -= n
        if self.left < 0:
            raise TooManyPointsError

    def _points(self, arguments: list[float], relative: bool) -> list[float]:
        if not relative:
            return arguments
        x, y = self._at
        return [value + (y if i % 2 else x) for i, value in enumerate(arguments)]

    def _move(self, x: float, y: float) -> None:
        self._lift()
        self._start = self._at = (x, y)
        self._is_moved = True

    def _lift(self) -> None:
        if self._curves:
            self._spend(SUBPATH_COST)
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

    def _lines(self, arguments: list[float], relative: bool) -> None:
        x, y = self._points(arguments, relative)
        self._line(x, y)

    def _across(self, arguments: list[float], relative: bool) -> None:
        self._line(arguments[0] + (self._at[0] if relative else 0), self._at[1])

    def _down(self, arguments: list[float], relative: bool) -> None:
        self._line(self._at[0], arguments[0] + (self._at[1] if relative else 0))

    def _cubic(self, arguments: list[float], relative: bool) -> None:
        x1, y1, x2, y2, x, y = self._points(arguments, relative)
        self._curve(x1, y1, x2, y2, x, y)
        self._control = (x2, y2)

    def _smooth_cubic(self, arguments: list[float], relative: bool) -> None:
        x1, y1 = self._reflected("CS")
        x2, y2, x, y = self._points(arguments, relative)
        self._curve(x1, y1, x2, y2, x, y)
        self._control = (x2, y2)

    def _quadratic(self, arguments: list[float], relative: bool) -> None:
        x1, y1, x, y = self._points(arguments, relative)
        self._bend(x1, y1, x, y)

    def _smooth_quadratic(self, arguments: list[float], relative: bool) -> None:
        x, y = self._points(arguments, relative)
        self._bend(*self._reflected("QT"), x, y)

    def _bend(self, x1: float, y1: float, x: float, y: float) -> None:
        """Draw a quadratic curve as a cubic one."""
        (x0, y0), share = self._at, 2 / 3
        inner = (x0 + (x1 - x0) * share, y0 + (y1 - y0) * share, x + (x1 - x) * share, y + (y1 - y) * share)
        self._curve(*inner, x, y)
        self._control = (x1, y1)

    def _reflected(self, kinds: str) -> tuple[float, float]:
        """Return the reflected control point; the current point, if the last curve is of another kind."""
        (x, y), (x2, y2) = self._at, self._control
        return (2 * x - x2, 2 * y - y2) if self._before and self._before in kinds else (x, y)

    def _arcs(self, relative: bool, text: str) -> bool:
        position = 0
        if text.lstrip(WHITE).startswith(","):
            return False
        while match := ARC.match(text, position):
            self._spend(1)
            rx, ry, turn, x, y = (float(match[i]) for i in (1, 2, 3, 6, 7))
            end = (x + self._at[0], y + self._at[1]) if relative else (x, y)
            for cubic in arc_cubics(self._at, (rx, ry), turn, match[4] == "1", match[5] == "1", end):
                self._curve(*cubic)
            self._before, position = "A", match.end()
        return position > 0 and not text[position:].strip(WHITE)

    _DRAWN: ClassVar[Mapping[str, Callable[[PathPen, list[float], bool], None]]] = {
        "L": _lines,
        "H": _across,
        "V": _down,
        "C": _cubic,
        "S": _smooth_cubic,
        "Q": _quadratic,
        "T": _smooth_quadratic,
    }
