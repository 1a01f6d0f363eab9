"""Verbs, actions and options as their own ``--help`` pages list them, for the completion of shells."""

from __future__ import annotations

import contextlib
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from limner.cli.verbs import VERBS

if TYPE_CHECKING:
    from limner.cli.verbs import Verb

WIDE = "100000"
"""Columns of a page whose lines are not broken."""
_OPTION = re.compile(r"(?:[│|] |  ?)(--?[A-Za-z].*?)(?:\s*$|\s{2}|\s*[│|])")
_ACTION = re.compile(r"^  ([a-z][\w-]*) {2,}\S", re.MULTILINE)
_NAME = re.compile(r"--?[A-Za-z][\w.-]*")
_CHOICES = re.compile(r"\{([^}]*)\}")


@dataclass(frozen=True)
class Option:
    """An option of a command."""

    names: tuple[str, ...]
    """``-n``, ``--number``"""
    takes_value: bool
    choices: tuple[str, ...] = ()
    """The values that it may have, if these are few."""


@dataclass(frozen=True)
class Command:
    """A verb, or a verb and its action."""

    words: tuple[str, ...]
    summary: str
    options: tuple[Option, ...]
    actions: tuple[str, ...] = ()
    """Words that may follow."""
    takes_model: bool = False
    """Whether it takes models by name."""


def every_command() -> Iterator[Command]:
    """Yield every command; a verb of another package that cannot print its help has no options."""
    for name, verb in VERBS.items():
        page = _page(verb, ["--help"])
        actions = _actions(page)
        yield _command((name,), verb.summary, page, actions)
        for action in actions:
            yield _command((name, action), "", _page(verb, [action, "--help"]))


def _command(words: tuple[str, ...], summary: str, page: str, actions: tuple[str, ...] = ()) -> Command:
    usage = page.partition("\n\n")[0]
    options = () if actions else tuple(_options(page))
    takes_model = not actions and re.search(r"\bMODEL\b", usage) is not None
    return Command(words, summary, options, actions, takes_model)


def _page(verb: Verb, argv: list[str]) -> str:
    page = io.StringIO()
    with contextlib.redirect_stdout(page), contextlib.suppress(SystemExit, Exception), _wide():
        verb(argv)
    return page.getvalue()


@contextlib.contextmanager
def _wide() -> Iterator[None]:
    """Let pages be as wide as they like, without colours."""
    before = dict(os.environ)
    os.environ |= {"COLUMNS": WIDE, "NO_COLOR": "1"}
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _actions(page: str) -> tuple[str, ...]:
    """Return the actions of a verb, whose page lists them, one a line, instead of options."""
    if any(map(_OPTION.match, page.splitlines())):
        return ()
    return tuple(_ACTION.findall(page))


def _options(page: str) -> Iterator[Option]:
    for line in page.splitlines():
        if found := _OPTION.match(line):
            names = tuple(_NAME.findall(re.sub(_CHOICES, "", found[1])))
            choices = _CHOICES.search(found[1])
            takes_value = any(" " in part.strip() for part in found[1].split(", -"))
            yield Option(names, takes_value, tuple(choices[1].split(",")) if choices else ())
