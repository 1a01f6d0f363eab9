"""Output of the verbs: sentences for people, one JSON object for programs, a progress bar."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from limner.errors import sentence

MOST_COMPLAINTS = 3


class Update(Protocol):
    """Updates a progress bar."""

    def __call__(self, done: int, total: int | None, title: str | None = None) -> None:
        """Show how many parts are done, of how many, and a new title if there is one."""


def say(sentence: str) -> None:
    """Print a sentence and flush."""
    print(sentence, flush=True)  # noqa: T201


def say_json(figures: dict[str, Any]) -> None:
    """Print one JSON object."""
    print(json.dumps(figures, ensure_ascii=False))  # noqa: T201


def say_aside(sentence: str) -> None:
    """Print a sentence on stderr, apart from results on stdout."""
    print(sentence, file=sys.stderr)  # noqa: T201


def complain_list(sentences: Sequence[str]) -> None:
    """Print errors of single files on stderr, on at most three lines."""
    shown = sentences if len(sentences) <= MOST_COMPLAINTS else sentences[: MOST_COMPLAINTS - 1]
    lines = [*shown, *([f"{len(sentences) - len(shown)} more files failed."] if shown != sentences else [])]
    for line in lines:
        print(sentence(f"limner: {line}"), file=sys.stderr)  # noqa: T201


def table(rows: Sequence[Sequence[str]]) -> str:
    """Format rows as aligned columns; the first row is the heading."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


@contextmanager
def progress_bar(title: str, *, shown: bool = True) -> Iterator[Update]:
    """Show a progress bar on stderr if that is a terminal, and yield the function that updates it."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not (shown and console.is_terminal)) as bar:
        task = bar.add_task(title, total=None)

        def update(done: int, total: int | None, title: str | None = None) -> None:
            bar.update(task, completed=done, total=total, description=title)

        yield update
