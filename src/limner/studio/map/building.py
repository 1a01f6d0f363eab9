"""Builds a corpus of what was chosen on a map, by ``limner build`` in a process of its own."""

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
from limner.studio.map.shapes import Built
from limner.studio.map.work import FACTS

SECONDS = 900.0
"""That building may take."""
SUFFIX = "-chosen.npz"


@dataclass(frozen=True)
class Job:
    """What is built, from what, by which choices."""

    corpus: str
    choices: Path
    out: Path

    @property
    def words(self) -> list[str]:
        """What follows ``limner`` on the command line; no name of a file looks like an option."""
        return ["build", self.corpus, "--choices", str(self.choices), "--out", str(self.out)]


def job_for(map_folder: Path, title: str, kept: Path, name: str) -> Job:
    """Find what a map's choices are to be built from.

    Raises
    ------
    LimnerError
        If nothing has been chosen, or the map does not say what it was made of.
    """
    choices = choices_file(kept, title)
    if not choices.is_file() or choices.is_symlink():
        raise LimnerError("Nothing has been chosen here yet; keep or drop some drawings and save that first.")
    try:
        corpus = str(json.loads((map_folder / FACTS).read_bytes())["order"]["corpus"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LimnerError("This map does not say what it was made of; make it anew.") from error
    return Job(corpus, choices, kept / CORPORA / f"{name}{SUFFIX}")


async def build_chosen(job: Job) -> Built:
    """Build the corpus.

    Raises
    ------
    LimnerError
        If it cannot be built, or that takes too long.
    """
    job.out.parent.mkdir(parents=True, exist_ok=True)
    report = json.loads(await _said([*job.words, "--json"]))
    return Built(
        corpus=job.out.name,
        file=str(job.out),
        drawings=sum(report["splits"].values()),
        command=shlex.join(["limner", *job.words]),
        train=shlex.join(["limner", "train", str(job.out), "--out", f"runs/{job.out.stem}"]),
    )


async def _said(words: Sequence[str]) -> bytes:
    """Run limner, and return what it prints; its last complaint is the fault."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "limner", *words,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "NO_COLOR": "1", "TERM": "dumb"}, start_new_session=True,
    )  # fmt: skip
    try:
        async with asyncio.timeout(SECONDS):
            out, complaints = await process.communicate()
    except TimeoutError:
        raise LimnerError("Building took too long and was given up; use limner build.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        last = complaints.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise LimnerError(last.removeprefix("limner: ") or "The corpus could not be built.")
    return out
