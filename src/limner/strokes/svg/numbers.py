"""Numbers in the attributes of SVG: how they are written, and lists of them."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from limner.strokes.curves import TooManyPointsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

WHITE = " \t\r\n\f"
"""Characters of white space."""
SPACE = f"[{WHITE}]*+"
SEPARATOR = rf"{SPACE},?{SPACE}"
NUMBER = r"[+-]?(?:\d++\.?\d*+|\.\d++)(?:[eE][+-]?\d++)?+"
NUMBERS = re.compile(rf"{SPACE}(?:{NUMBER}(?:{SEPARATOR}{NUMBER})*+)?+{SPACE}")
ONE_NUMBER = re.compile(NUMBER)
SHORT_TEXT = 1 << 16
"""Characters of a text whose numbers are read in one go."""
BLOCK = 60_000
"""Numbers of a longer text that are read in one go, so that their Python objects stay few."""


def parse_numbers(text: str, max_numbers: int) -> Floats | None:
    """Parse a list of numbers; return None if the text holds anything else.

    Raises
    ------
    TooManyPointsError
        If there are more than ``max_numbers``.
    """
    if not NUMBERS.fullmatch(text):
        return None
    blocks = [np.array(block) for block in number_blocks(text, 1, max_numbers + 1)]
    numbers = np.concatenate(blocks) if blocks else np.zeros(0)
    if len(numbers) > max_numbers:
        raise TooManyPointsError
    return numbers


def number_blocks(text: str, arity: int, max_numbers: int | None = None) -> Iterator[list[float]]:
    """Yield the numbers in a text block by block; all blocks but the last hold a multiple of ``arity``."""
    if len(text) < SHORT_TEXT:
        if numbers := list(map(float, ONE_NUMBER.findall(text))):
            yield numbers
        return
    numbers_left = (float(match[0]) for match in islice(ONE_NUMBER.finditer(text), max_numbers))
    while block := list(islice(numbers_left, BLOCK // arity * arity)):
        yield block
