"""Arguments of a verb: a frozen dataclass, read by tyro; what it refuses becomes one sentence."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import tyro

from limner.cli.hidden import hide_fields
from limner.cli.sampling_options import SamplingOptions
from limner.cli.usage_errors import sentence_of, unknown_option
from limner.cli.values import optional_numbers, whole
from limner.errors import sentence
from limner.models.config import WhichWeights
from limner.render.look import Look
from limner.settings import did_you_mean

T = TypeVar("T")

Flag = Annotated[bool, tyro.conf.FlagCreatePairsOff, tyro.conf.arg(help_behavior_hint="")]
"""A switch: there or not."""

Sampling = Annotated[SamplingOptions, tyro.conf.arg(name=""), tyro.conf.FlagCreatePairsOff]
"""``--temperature``, ``--greedy``, ``--convention`` and more."""

MOST_DRAWINGS = 100_000
MOST_POINTS = 1_000_000

LookOptions = Annotated[Look, tyro.conf.arg(name=""), tyro.conf.FlagCreatePairsOff]
"""``--ground`` and ``--smooth``."""

Count = Annotated[int, whole(1, MOST_DRAWINGS), tyro.conf.arg(aliases=["-n"], name="number")]
"""``-n``: how many."""

Seed = Annotated[int, whole(0, 2**63 - 1)]
"""``--seed``."""

Label = Annotated[str | None, tyro.conf.arg(metavar="NAME", help_behavior_hint="")]
"""``--label``."""

MaxPoints = Annotated[int | None, whole(1, MOST_POINTS), tyro.conf.arg(help_behavior_hint="")]
"""``--max-points``."""

ModelName = tyro.conf.Positional[Annotated[str, tyro.conf.arg(metavar="MODEL")]]
"""What :func:`limner.sampling.model.load_model` takes."""

Weights = Annotated[WhichWeights, tyro.conf.arg(name="weights")]
"""``--weights``: which ones of a run."""

DrawingNames = tyro.conf.Positional[
    Annotated[tuple[str, ...], tyro.conf.arg(metavar="DRAWING ...", help_behavior_hint="")]
]
"""What :func:`limner.corpus.select.named_drawing` takes, any number of them."""

CorpusNames = tyro.conf.Positional[
    Annotated[tuple[str, ...], tyro.conf.arg(metavar="CORPUS ...", help_behavior_hint="(required)")]
]
"""One or more of the same; the verb checks that there is one."""

CorpusName = Annotated[str | None, tyro.conf.arg(metavar="CORPUS", help_behavior_hint="")]
"""What :func:`limner.corpus.load.load_corpus` takes, as an option."""

OptionalFolder = Annotated[Path | None, tyro.conf.arg(metavar="DIR", help_behavior_hint="")]
"""A folder that is found or chosen unless it is given."""

SplitName = Annotated[str | None, tyro.conf.arg(metavar="NAME", help_behavior_hint="")]
"""``--split``."""


def parse(
    kind: type[T], argv: list[str], verb: str, default: T | None = None, hidden: Collection[str] = ()
) -> T:
    """Read the arguments of a verb.

    Parameters
    ----------
    kind : type
        A dataclass whose docstrings are the help.
    argv : list of str
    verb : str
        As in ``limner train``.
    default : optional
        What is not given on the command line.
    hidden : collection of str
        Full names of settings that are no options, such as ``model.classes``.

    Raises
    ------
    SystemExit
        0 after ``--help``; 2, with one sentence on stderr, if the arguments are refused.
    """
    box = io.StringIO()
    try:
        with contextlib.redirect_stderr(box):
            return _read(kind, argv, verb, default, hidden)
    except ValueError as error:
        refuse(verb, str(error))
    except SystemExit as stop:
        if not stop.code:
            raise
        unknown = unknown_option(argv, _help_page(kind, verb, default, hidden))
        refuse(verb, unknown or sentence_of(box.getvalue()))


def refuse(verb: str, why: str) -> NoReturn:
    """Print one line about refused arguments and exit with 2."""
    words = " ".join(why.split()).rstrip(".")
    stop = "" if words.endswith("?") else "."
    print(sentence(f"limner {verb}: {words}{stop} See: limner {verb} --help"), file=sys.stderr)  # noqa: T201
    raise SystemExit(2)


def refuse_action(verb: str, argv: Sequence[str], actions: Iterable[str]) -> NoReturn:
    """Print the actions of a verb, or the nearest one, and exit with 2."""
    names = list(actions)
    if not argv or argv[0].startswith("-"):
        refuse(verb, f"say what to do: {', '.join(names[:-1])} or {names[-1]}")
    refuse(verb, f"there is no {verb} {argv[0]}; {did_you_mean(argv[0], names)}")


def _read(kind: type[T], argv: list[str], verb: str, default: T | None, hidden: Collection[str] = ()) -> T:
    extra = {"registry": hide_fields(optional_numbers(), hidden)} | (
        {} if default is None else {"default": default}
    )
    with _without_colour():
        return tyro.cli(kind, args=argv, prog=f"limner {verb}", **extra)  # type: ignore[call-overload,no-any-return]


@contextlib.contextmanager
def _without_colour() -> Iterator[None]:
    """Let tyro keep to ``NO_COLOR``, which it does not know: it asks what terminal there is."""
    terminal = os.environ.get("TERM")
    if not os.environ.get("NO_COLOR") or terminal is None:
        yield
        return
    os.environ["TERM"] = "dumb"
    try:
        yield
    finally:
        os.environ["TERM"] = terminal


def _help_page(kind: type[T], verb: str, default: T | None, hidden: Collection[str]) -> str:
    page = io.StringIO()
    with contextlib.redirect_stdout(page), contextlib.suppress(SystemExit):
        _read(kind, ["--help"], verb, default, hidden)
    return page.getvalue()
