"""The errors a user meets. Each message is a sentence: what is wrong, in which file, what to do."""

from __future__ import annotations

import unicodedata

LONGEST_SENTENCE = 300
SHORTEST_CUT = 24
"""Words are not cut shorter than this."""


class LimnerError(Exception):
    """Something the user can mend; the command line prints its message and exits with 1."""


class DataError(LimnerError, ValueError):
    """A file or a value that cannot be used as data."""


class MissingExtraError(LimnerError, ImportError):
    """An optional part of limner that is not installed.

    Parameters
    ----------
    extra : str
        The extra of the package, as in ``pip install 'limner[extra]'``.
    purpose : str
        What it is needed for, as the beginning of a sentence.
    """

    def __init__(self, extra: str, purpose: str) -> None:
        super().__init__(f"{purpose} needs an optional part: install it with  pip install 'limner[{extra}]'")


def short(text: object, most: int = 60) -> str:
    """Return something as the text that a sentence has room for."""
    whole = str(text)
    return whole if len(whole) <= most else f"{whole[: most - 3]}..."


def quote_list(names: list[str] | tuple[str, ...]) -> str:
    """Join names for a sentence: ``a, b and c``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def sentence(text: str, most: int = LONGEST_SENTENCE) -> str:
    """Return a text as one line that can be shown: no control characters, ``most`` characters at most.

    What is too long loses the middle of its longest words (numbers of a thousand digits, names of files), so
    that both ends of a path stay, and then the middle of the text.
    """
    words = "".join(c if _shown(c) else " " for c in text).split()
    while (excess := len(" ".join(words)) - most) > 0:
        k = max(range(len(words)), key=lambda k: len(words[k]))
        if len(words[k]) <= SHORTEST_CUT:
            break
        words[k] = _cut(words[k], max(SHORTEST_CUT, len(words[k]) - excess))
    return _cut(" ".join(words), most)


def _shown(character: str) -> bool:
    category = unicodedata.category(character)
    return not category.startswith("C") or category == "Cs"  # a byte of a name that is not UTF-8


def _cut(text: str, most: int) -> str:
    """Take letters out of the middle, down to ``most``."""
    if len(text) <= most:
        return text
    head = (most - 3) // 3
    return f"{text[:head]}...{text[len(text) - (most - 3 - head) :]}"


def cause_of(error: Exception) -> str:
    """Say what went wrong as a clause without the path: ``no such file or directory``."""
    return str(getattr(error, "strerror", None) or error).lower()
