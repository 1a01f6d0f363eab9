"""Settings as frozen dataclasses: to dictionaries and back; a typo is refused with the nearest name."""

from __future__ import annotations

import dataclasses
import difflib
import sys
import types
import typing
from typing import TYPE_CHECKING, Any, TypeVar

from limner.errors import DataError, quote_list, short

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

T = TypeVar("T")

LONGEST = 200
"""Letters of a name that are looked at for a like one."""


def to_dict(settings: Any) -> dict[str, Any]:
    """Give nested plain dictionaries; a setting that is None is left out, as TOML has no null."""
    pairs = ((f.name, getattr(settings, f.name)) for f in dataclasses.fields(settings))
    return {
        name: to_dict(value) if dataclasses.is_dataclass(value) else value
        for name, value in pairs
        if value is not None
    }


def from_dict(kind: type[T], values: Mapping[str, Any], *, where: str, base: T | None = None) -> T:
    """Build settings from nested dictionaries.

    Parameters
    ----------
    kind : type
        A frozen dataclass.
    values : mapping
        What is set; the rest comes from ``base``, or from the defaults.
    where : str
        Named in errors, such as the file's path.
    base : optional
        Settings to start from.

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
    """Copy nested dictionaries, with keys of earlier versions under their names of today.

    Parameters
    ----------
    values : mapping
        As a file has them.
    names : mapping of str to str
        From the full old name (``train.start``) to the new last part (``init_from``).
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
    """End a sentence about an unknown name: the nearest known one, or all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(name[:LONGEST], names, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else f"known are {quote_list(names)}."


def _checked(value: Any, hint: Any, what: str) -> Any:
    """Admit a value of the hinted type; an int where a float is wanted; nothing else is converted."""
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
