"""Single-line lettering: letters that a pen draws in one line each stroke, not outlines.

Each letter is drawn on a grid: 12 steps from the top of a capital to the baseline, 4 more below it. A letter
is a text of strokes; every two characters are x and y, digits to the base of 36, so ``c`` is the baseline;
``~`` before a stroke makes it a smooth curve through its points.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from limner.render.lettering import one_line, plain_letters
from limner.render.smooth import flatten_smooth

Floats = NDArray[np.float64]

CAPITAL = 12
"""Steps of the grid from the top of a capital to the baseline."""
DEPTH = 4
"""Steps of the grid below the baseline."""
SPACING = 3.2
"""Steps between letters."""
SPACE = 5.0
"""Width of a blank, and of a letter that there is no drawing of."""
TOLERANCE_STEPS = 0.1
"""How far the lines of a letter may leave its curves, in steps."""

_LETTERS = {
    "A": "0c408c 1979", "B": "000c ~00406172644505 ~054576887b4c0c", "C": "~824012061a4c8a",
    "D": "000c ~004072867a4c0c", "E": "80000c8c 0656", "F": "80000c 0656", "G": "~824012061a4c8a 8a8757",
    "H": "000c 808c 0686", "I": "000c", "J": "~6064685b3c1b09", "K": "000c 7007 258c", "L": "000c7c",
    "M": "0c0048808c", "N": "0c008c80", "O": "~4012061a4c7a867240", "P": "000c ~00407173654606",
    "Q": "~4012061a4c7a867240 598d", "R": "000c ~00407173654606 468c", "S": "~71401103154677897b4c0b",
    "T": "0080 404c", "U": "~0004081b4c7b888480", "V": "004c80", "W": "002c528ca0", "X": "008c 800c",
    "Y": "004680 464c", "Z": "00800c8c",
    "a": "~663415081b3c6a 646c", "b": "000c ~063455685b3c0a", "c": "~653415081b3c6b",
    "d": "606c ~663415081b3c6a", "e": "0868 ~68563415081b3c6b", "f": "~503022262c 0454",
    "g": "~663415081b3c6a ~64686c5f3g0f", "h": "000c ~073455686c", "i": "040c 0001", "j": "~343a3d2f0g 3031",
    "k": "000c 5409 276c", "l": "000c", "m": "040c ~073445585c ~578495a8ac", "n": "040c ~073455686c",
    "o": "~3415081b3c5b685534", "p": "040g ~063455685b3c0a", "q": "646g ~663415081b3c6a", "r": "040c ~082544",
    "s": "~5534151738595b3c0b", "t": "~20262a3c5b 0454", "u": "~04091b3c69 646c", "v": "043c64",
    "w": "042c456c84", "x": "046c 640c", "y": "043c 642f", "z": "04640c6c",
    "0": "~3012061a3c5a665230", "1": "03303c", "2": "~03113051635629 290c6c",
    "3": "~013051635536 ~3657695b3c0b",
    "4": "5c500878", "5": "600005 ~053456685b3c0b", "6": "~5023081b3c5b6856351608", "7": "00602c",
    "8": "~301103153655635130 ~3617091b3c5b695736", "9": "~1c49645130110416375664",
    ".": "0b0c", ",": "1b0e", ":": "0607 0b0c", ";": "1617 1b0e", "-": "0757", "_": "0d8d", "+": "434b 0787",
    "=": "0575 0979", "/": "0d60", "\\": "006d", "(": "~3013071b3e", ")": "~0023372b0e",
    "#": "303c 606c 0494 0898",
    "'": "0003", '"': "0003 3033", "!": "0008 0b0c", "?": "~02305264363739 3b3c", "*": "3238 0357 5307",
    "%": "0c80 ~1001122110 ~7b6c7d8c7b", "<": "63076b", ">": "03670b",
    "[": "30000e3e", "]": "00303e0e", "|": "000e", "~": "~08265886",
}  # fmt: skip


def letters(text: str, height: float) -> tuple[list[Floats], float]:
    """Return the strokes of a line of text, and its width.

    Parameters
    ----------
    text : str
        Accents are left out; letters that there is no drawing of are blank.
    height : float
        Of the capital letters; the strokes have its unit.

    Returns
    -------
    strokes : list of float64 arrays of shape ``(n, 2)``
        The baseline is y = 0 and the first letter begins at x = 0; y grows downward.
    width : float
    """
    step, x, strokes = height / CAPITAL, 0.0, list[Floats]()
    for letter in plain_letters(one_line(text)):
        lines, width = _letter(letter)
        strokes += [(line + np.array([x, -CAPITAL])) * step for line in lines]
        x += width + SPACING
    return strokes, max(0.0, x - SPACING) * step


def fitted_letters(text: str, height: float, room: float) -> tuple[list[Floats], float]:
    """Return a text as :func:`letters` does, cut to a width of ``room``, with dots where it is cut."""
    text = kept = plain_letters(one_line(text))
    while kept and _width(text) * height / CAPITAL > room:
        kept = kept[:-1].rstrip()
        text = f"{kept}.." if kept else ""
    return letters(text, height)


def _width(text: str) -> float:
    """Return the width of a text in steps."""
    return sum(_letter(letter)[1] for letter in text) + SPACING * max(0, len(text) - 1)


@lru_cache(maxsize=256)
def _letter(letter: str) -> tuple[tuple[Floats, ...], float]:
    """Return the strokes of a letter in steps of the grid, from the top of the capitals, and its width."""
    lines = tuple(map(_line, _LETTERS.get(letter, "").split()))
    return lines, max((float(line[:, 0].max()) for line in lines), default=SPACE)


def _line(code: str) -> Floats:
    digits = [int(digit, 36) for digit in code.removeprefix("~")]
    points = np.array(digits, np.float32).reshape(-1, 2)
    smooth = flatten_smooth(points, TOLERANCE_STEPS) if code.startswith("~") else points
    return smooth.astype(np.float64)
