"""Build a corpus from the choices on a map, with ``limner build`` in a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from limner.errors import LimnerError
from limner.studio.corpora import FOLDER as CORPORA
from limner.studio.map.choices import choices_file
from limner.studio.map.make_map import FACTS
from limner.studio.map.schemas import BuiltCorpus

TIMEOUT_SECONDS = 900.0
"""Time after which building is aborted."""
SUFFIX = "-chosen.npz"


@dataclass(frozen=True)
class BuildCommand:
    """The command that builds a corpus: source, choices and output file."""

    corpus: str
    choices: Path
    out: Path

    @property
    def arguments(self) -> list[str]:
        """Arguments of ``limner``; none of the file names can be taken for an option."""
        return ["build", self.corpus, "--choices", str(self.choices), "--out", str(self.out)]


def build_command(map_folder: Path, title: str, kept: Path, name: str) -> BuildCommand:
    """Return the command that builds a corpus named ``name`` from the choices on a map.

    Raises
    ------
    LimnerError
        If nothing has been chosen, or the map's file does not name its corpus.
    """
    choices = choices_file(kept, title)
    if not choices.is_file() or choices.is_symlink():
        raise LimnerError("Nothing has been chosen here yet; keep or drop some drawings and save that first.")
    try:
        corpus = str(json.loads((map_folder / FACTS).read_bytes())["order"]["corpus"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LimnerError("This map does not say what it was made of; make it again.") from error
    return BuildCommand(corpus, choices, kept / CORPORA / f"{name}{SUFFIX}")


async def build_corpus(command: BuildCommand) -> BuiltCorpus:
    """Build the corpus.

    Raises
    ------
    LimnerError
        If it cannot be built, or building takes too long.
    """
    command.out.parent.mkdir(parents=True, exist_ok=True)
    report = json.loads(await _run_limner([*command.arguments, "--json"]))
    return BuiltCorpus(
        corpus=command.out.name,
        file=str(command.out),
        drawings=sum(report["splits"].values()),
        command=shlex.join(["limner", *command.arguments]),
        train=shlex.join(["limner", "train", str(command.out), "--out", f"runs/{command.out.stem}"]),
    )


async def _run_limner(arguments: Sequence[str]) -> bytes:
    """Run limner and return its standard output.

    Raises
    ------
    LimnerError
        With the last line on standard error, if it fails or takes too long.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "limner", *arguments,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "NO_COLOR": "1", "TERM": "dumb"}, start_new_session=True,
    )  # fmt: skip
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            out, errors = await process.communicate()
    except TimeoutError:
        raise LimnerError("Building took too long and was given up; use limner build.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        last = errors.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise LimnerError(last.removeprefix("limner: ") or "The corpus could not be built.")
    return out
