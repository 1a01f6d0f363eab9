"""A new hand: from pictures, a corpus or what is kept to a run that draws likewise, by ``limner learn``.

``RUNS/NAME`` is the folder that ``limner learn`` fills, and ``RUNS/NAME/run`` its run, which the studio makes
and locks before it starts it. Uploaded pictures lie in ``KEPT/hands/NAME``.
"""

from __future__ import annotations

import shlex
from pathlib import Path

from limner.corpus.text import counted
from limner.errors import LimnerError
from limner.files import explained
from limner.scan.files import SUFFIXES
from limner.studio.context import StudioContext
from limner.studio.keep.folder import files_in
from limner.studio.model_library import HAND_RUN
from limner.studio.runs.plan import corpora_by_name
from limner.studio.runs.run_store import runs_folder
from limner.studio.runs.schemas import HandAdvice, HandPictures, HandPlan, TrainingBegun
from limner.studio.runs.training_process import start_training
from limner.training.presets import PRESETS
from limner.training.suggestion import HAND, suggest_preset

FOLDER = "hands"
KEEP_MOST = 2_000
"""Kept drawings that a hand is learned from, the newest."""


def advice(drawings: int, minutes: float) -> HandAdvice:
    """Return which preset suits so many drawings, in a sentence."""
    preset = suggest_preset(drawings, minutes)
    number = counted(drawings, "drawing")
    if preset == HAND:
        base = PRESETS[HAND].train.init_from
        sentence = f"{number}: it begins with {base}, which knows how people draw, and learns how you do."
    else:
        sentence = f"{number}: enough to begin from nothing, with the preset {preset}."
    return HandAdvice(preset=preset, sentence=f"{sentence} It takes {minutes:g} minutes at most.")


def pictures_folder(context: StudioContext, name: str) -> Path:
    """Return the folder of the pictures that were uploaded for a hand."""
    return context.folders.kept / FOLDER / name


def add_picture(context: StudioContext, hand: str, path: Path, name: str) -> HandPictures:
    """Move an uploaded picture to those of a hand.

    Raises
    ------
    LimnerError
        If it is no picture by its name, there are too many, or there is a run of that name already.
    """
    folder = pictures_folder(context, hand)
    _check_new(context, hand)
    if Path(name).suffix.lower() not in SUFFIXES:
        raise LimnerError(f"{name} is no picture; send scans or photographs, such as page.png or page.jpg.")
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        others = [other for other in folder.iterdir() if other.name != name]
        if len(others) >= context.limits.hand_pictures:
            raise LimnerError(f"A hand is learned from {context.limits.hand_pictures} pictures at most.")
        if sum(other.stat().st_size for other in [*others, path]) > context.limits.hand_bytes:
            raise LimnerError("These pictures are too large together; send smaller ones.")
        path.replace(folder / name)
    return HandPictures(name=name, pictures=len(others) + 1)


def start_hand(plan: HandPlan, context: StudioContext) -> TrainingBegun:
    """Start to learn a hand, in a process that outlives the studio.

    Raises
    ------
    LimnerError
        If there is nothing to learn from, or a run of that name.
    """
    _check_new(context, plan.name)
    sources, drawings = _sources(plan, context)
    out = runs_folder(context) / plan.name
    preset = suggest_preset(drawings, plan.minutes)
    command = ["learn", *sources, "--out", str(out), "--minutes", f"{plan.minutes:g}", "--preset", preset]
    run = out / HAND_RUN
    with explained(run):
        run.mkdir(parents=True)
    start_training(run, command)
    return TrainingBegun(run=f"{plan.name}/{HAND_RUN}", command=shlex.join(["limner", *command]))


def _check_new(context: StudioContext, name: str) -> None:
    folder = runs_folder(context) / name
    if folder.exists() or folder.is_symlink():
        raise LimnerError(f"There is {name!r} in the folder of runs already; choose another name.")


def _sources(plan: HandPlan, context: StudioContext) -> tuple[list[str], int]:
    """Return what ``limner learn`` reads, and about how many drawings that is."""
    if plan.source == "corpus":
        corpora = corpora_by_name(context)
        if plan.corpus not in corpora:
            raise LimnerError("There is no such corpus to learn from.")
        path = corpora[plan.corpus]
        return [str(path)], len(files_in(path)) if isinstance(path, Path) and path.is_dir() else 1
    if plan.source == "pictures":
        folder = pictures_folder(context, plan.name)
        count = len(list(folder.iterdir())) if folder.is_dir() else 0
        if not count:
            raise LimnerError("There are no pictures yet; add scans or photographs of drawings.")
        return [str(folder)], count
    kept = sorted(files_in(context.folders.kept).values(), key=lambda path: path.stat().st_mtime)[-KEEP_MOST:]
    if not kept:
        raise LimnerError("Nothing is kept yet; keep drawings with K, or add pictures.")
    return [str(path) for path in kept], len(kept)
