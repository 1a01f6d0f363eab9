"""The errors a user meets. Each message is a sentence: what is wrong, in which file, what to do."""

from __future__ import annotations


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


def cause_of(error: Exception) -> str:
    """Say what went wrong as a clause without the path: ``no such file or directory``."""
    return str(getattr(error, "strerror", None) or error).lower()
