"""The state of a folder of shards: what it is made of, and which parts are done."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limner._version import __version__
from limner.corpus.opening import UNFINISHED
from limner.corpus.rejections import Rejected
from limner.errors import LimnerError
from limner.files import explained, make_folder, remove_empty, write_text
from limner.recipes.report import BuildReport, StepReport

if TYPE_CHECKING:
    from limner.corpus.source import Source
    from limner.recipes.recipe import Recipe

MANIFEST = "manifest.json"
_PLAN = "plan.json"

Plan = dict[str, Any]


def plan_of(sources: Sequence[Source], recipe: Recipe, out: Path, **settings: Any) -> Plan:
    """Return everything that the shards depend on: the same plan makes the same bytes."""
    files = [
        [str(file.resolve()), file.stat().st_size, file.stat().st_mtime_ns]
        for source in sources
        for file in source.files
    ]
    names = [str(source.path) for source in sources]
    options = [asdict(source.options) for source in sources]
    made = {"limner": __version__, "recipe": recipe.to_dict(beside=out.parent)}
    plan: Plan = json.loads(
        json.dumps({**made, **settings, "sources": names, "options": options, "files": files})
    )
    return plan


def finished_report(out: Path, plan: Plan) -> BuildReport | None:
    """Return the report of a folder that was built by the same plan and is complete; else None."""
    try:
        found = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        sizes = {part["shard"]: part["bytes"] for part in found["parts"] if part["shard"]}
        there = all((out / name).stat().st_size == size for name, size in sizes.items())
        return _report(found["report"]) if there and found["plan"] == plan else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_manifest(out: Path, plan: Plan, parts: Sequence[dict[str, Any]], report: BuildReport) -> None:
    """Write the manifest: which input became which shard."""
    figures = {"plan": plan, "parts": list(parts), "report": asdict(report)}
    write_text(out / MANIFEST, json.dumps(figures, indent=1, ensure_ascii=False) + "\n")


@contextmanager
def unfinished(out: Path, plan: Plan) -> Iterator[Path]:
    """Return the folder of a build's intermediate results, where a resumed build finds them.

    Raises
    ------
    LimnerError
        If ``out`` holds something else, or another process is building there.
    """
    work = out / UNFINISHED
    with explained(out):
        if out.exists() and not out.is_dir():
            raise LimnerError(f"{out} is a file; name a folder for the shards.")
        _check(out, plan)
        made = make_folder(work)
    try:
        with _alone(work, out):
            if not (work / _PLAN).exists():
                write_text(work / _PLAN, json.dumps(plan))
            for draft in out.glob(".part-*"):  # of a process that was killed
                draft.unlink(missing_ok=True)
            yield work
    finally:
        remove_empty(made)


def finish_folder(work: Path) -> None:
    """Remove intermediate results."""
    shutil.rmtree(work)


def _check(out: Path, plan: Plan) -> None:
    if not out.is_dir() or not any(out.iterdir()):
        return
    known = out / UNFINISHED / _PLAN
    if not known.is_file():
        raise LimnerError(f"{out} is not empty; name another folder for the shards.")
    if json.loads(known.read_text(encoding="utf-8")) != plan:
        raise LimnerError(
            f"{out} was begun from other files, by another recipe or by another version of limner; "
            "name another folder, or remove this one."
        )


@contextmanager
def _alone(work: Path, out: Path) -> Iterator[None]:
    handle = os.open(work, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LimnerError(f"{out} is being built by another process.") from None
        yield
    finally:
        os.close(handle)


def _report(values: dict[str, Any]) -> BuildReport:
    return BuildReport(
        **{
            **values,
            "dropped": tuple(Rejected(**one) for one in values["dropped"]),
            "steps": tuple(StepReport(**one) for one in values["steps"]),
            "notes": tuple(values["notes"]),
        }
    )
