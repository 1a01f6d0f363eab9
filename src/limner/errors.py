"""The errors a user meets. Each message is a sentence: what is wrong, in which file, what to do."""

from __future__ import annotations

import unicodedata

LONGEST_SENTENCE = 300
"""Characters of a message."""
SHORTEST_CUT = 24
"""Characters down to which a single word is cut before the whole message is."""


class LimnerError(Exception):
    """An error that the user can mend; the command line prints its message and exits with 1."""


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
    """Return an object as text, truncated to ``most`` characters."""
    whole = str(text)
    return whole if len(whole) <= most else f"{whole[: most - 3]}..."


def quote_list(names: list[str] | tuple[str, ...]) -> str:
    """Join names for a sentence: ``a, b and c``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def sentence(text: str, most: int = LONGEST_SENTENCE) -> str:
    """Return a text as one line without control characters, truncated to ``most`` characters.

    A text that is too long loses the middle of its longest words (numbers of a thousand digits, names of
    files), so that both ends of a path stay, and then its own middle.
    """
    words = "".join(c if _is_printable(c) else " " for c in text).split()
    while (excess := len(" ".join(words)) - most) > 0:
        k = max(range(len(words)), key=lambda k: len(words[k]))
        if len(words[k]) <= SHORTEST_CUT:
            break
        words[k] = _cut(words[k], max(SHORTEST_CUT, len(words[k]) - excess))
    return _cut(" ".join(words), most)


def _is_printable(character: str) -> bool:
    category = unicodedata.category(character)
    return not category.startswith("C") or category == "Cs"  # a byte of a name that is not UTF-8


def _cut(text: str, most: int) -> str:
    """Replace the middle of a text by dots, down to ``most`` characters."""
    if len(text) <= most:
        return text
    head = (most - 3) // 3
    return f"{text[:head]}...{text[len(text) - (most - 3 - head) :]}"


def cause_of(error: Exception) -> str:
    """Return the cause of an error as a clause without the path: ``no such file or directory``."""
    return str(getattr(error, "strerror", None) or error).lower()
