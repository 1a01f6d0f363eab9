"""The errors a user meets. Each message is a sentence: what is wrong, in which file, what to do."""

from __future__ import annotations

MOST_LETTERS = 300
"""Of a sentence that a user meets."""


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


def one_line(text: str, most: int = MOST_LETTERS) -> str:
    """Return a sentence fit for a terminal: on one line, of letters that can be printed, and not too long.

    Line breaks, tabs and runs of blanks become single blanks; control characters, halves of surrogate pairs
    and marks that turn the direction of writing become U+FFFD. What is too long loses the middle of its long
    words, which are paths and numbers, and then its own: beginning and end say what is wrong and what to do.

    Parameters
    ----------
    text : str
    most : int
        Letters that the result has at most.
    """
    words = text.split()
    line = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in " ".join(words))
    if len(line) > most:
        line = " ".join(_shortened(word, MOST_LETTERS // 3) for word in line.split(" "))
    return _shortened(line, most)


def _shortened(text: str, most: int) -> str:
    """Take letters out of the middle, so that two thirds of what is left stand at the end."""
    if len(text) <= most:
        return text
    head = (most - 3) // 3
    return f"{text[:head]}...{text[len(text) - (most - 3 - head) :]}"


def quote_list(names: list[str] | tuple[str, ...]) -> str:
    """Join names for a sentence: ``a, b and c``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def cause_of(error: Exception) -> str:
    """Say what went wrong as a clause without the path: ``no such file or directory``."""
    return str(getattr(error, "strerror", None) or error).lower()
