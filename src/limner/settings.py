"""Settings as frozen dataclasses: to dictionaries and back; a typo is refused with the nearest name."""

from __future__ import annotations

import dataclasses
import difflib
import sys
import types
import typing
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from limner.errors import DataError, quote_list, short

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")

LONGEST = 200
"""Characters of a name that are compared with the known ones."""


def to_dict(settings: Any) -> dict[str, Any]:
    """Return settings as nested dictionaries; those that are None are left out, as TOML has no null."""
    pairs = ((f.name, getattr(settings, f.name)) for f in dataclasses.fields(settings))
    return {
        name: to_dict(value) if dataclasses.is_dataclass(value) else value
        for name, value in pairs
        if value is not None
    }


def flatten(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested dictionaries as one, with full names as keys: ``decoder.size``."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        flat |= flatten(value, f"{prefix}{name}.") if isinstance(value, Mapping) else {prefix + name: value}
    return flat


def from_dict(kind: type[T], values: Mapping[str, Any], *, where: str, base: T | None = None) -> T:
    """Build settings from nested dictionaries.

    Parameters
    ----------
    kind : type
        A frozen dataclass.
    values : mapping
        Settings to change; the others are those of ``base``, or the defaults.
    where : str
        Name of the source in errors, such as the file's path.
    base : optional
        Settings to change.

    Raises
    ------
    DataError
        If a key is unknown (the nearest one is named), a value is of the wrong type, or the settings
        refuse it.
    """
    start = kind() if base is None else base
    hints = typing.get_type_hints(kind)
    changes: dict[str, Any] = {}
    for key, value in values.items():
        if key not in hints:
            raise DataError(f"{where}: there is no setting {short(key)!r}; {did_you_mean(key, hints)}")
        if dataclasses.is_dataclass(hints[key]) and isinstance(value, dict):
            changes[key] = from_dict(hints[key], value, where=where, base=getattr(start, key))
        else:
            changes[key] = _checked(value, hints[key], f"{where}: {key}")
    try:
        return dataclasses.replace(start, **changes)  # type: ignore[type-var]
    except ValueError as error:
        raise DataError(f"{where}: {error}") from error


def renamed(values: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return a copy of nested dictionaries with the keys of earlier versions renamed.

    Parameters
    ----------
    values : mapping
        As read from a file.
    names : mapping of str to str
        From the full old name (``train.start``) to the last part of the new one (``init_from``).
    """
    copy = {key: dict(value) if isinstance(value, dict) else value for key, value in values.items()}
    for old, new in names.items():
        head, _, rest = old.partition(".")
        if rest and isinstance(copy.get(head), dict):
            copy[head] = renamed(copy[head], {rest: new})
        elif not rest and head in copy:
            copy[new] = copy.pop(head)
    return copy


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence about an unknown name: the nearest known one, or all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(name[:LONGEST], names, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else f"known are {quote_list(names)}."


def _checked(value: Any, hint: Any, what: str) -> Any:
    """Return a value of the hinted type; only an int becomes a float, nothing else is converted."""
    options = typing.get_args(hint) if typing.get_origin(hint) in (types.UnionType, typing.Union) else (hint,)
    for option in options:
        if typing.get_origin(option) is typing.Literal:
            if value in typing.get_args(option):
                return value
        elif typing.get_origin(option) is tuple:
            if isinstance(value, (list, tuple)):
                return tuple(_checked(one, typing.get_args(option)[0], what) for one in value)
        elif option is float and type(value) is int and abs(value) <= sys.float_info.max:
            return float(value)
        elif type(value) is (typing.get_origin(option) or option):
            return value
    raise DataError(f"{short(what, 160)} is {short(repr(value))}; {_wanted(options)} is wanted.")


def _wanted(options: tuple[Any, ...]) -> str:
    names = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
    words: list[str] = []
    for option in options:
        if typing.get_origin(option) is typing.Literal:
            words += [repr(choice) for choice in typing.get_args(option)]
        elif typing.get_origin(option) is tuple:
            words.append("a list")
        elif option is not type(None):
            words.append(names.get(option, "a table"))
    return " or ".join(words)
