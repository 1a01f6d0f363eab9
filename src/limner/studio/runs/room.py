"""The Runs room: how trainings go, what they have drawn, and new ones."""

from __future__ import annotations

import asyncio
import shlex
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import FileResponse
from starlette.requests import Request

from limner.errors import LimnerError
from limner.files import explained
from limner.models.weights import FILE_NAME, LAST_NAME
from limner.studio.context import House, HouseHere
from limner.studio.deadline import Deadline
from limner.studio.runs.keeper import begin, stop, training_in
from limner.studio.runs.metrics import read_metrics
from limner.studio.runs.plan import (
    command_for,
    corpora_of,
    corpus_choices,
    going_on,
    preset_choices,
    starts_of,
)
from limner.studio.runs.shapes import (
    Begun,
    Log,
    Metrics,
    Plan,
    Plans,
    Resume,
    RunFacts,
    RunList,
    RunName,
    Settings,
    Sheets,
    Shelved,
    Stop,
)
from limner.studio.runs.shelf import facts_of, find_run, log_of, root_of, runs_in, settings_of, sheets_of
from limner.studio.shapes import Name
from limner.training import run_folder

router = APIRouter(tags=["runs"])

MOST_MODELS = 24
"""Models that can be drawn with at once."""
PNG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}}}}
Whole = Annotated[int, Query(ge=0, le=2**53 - 1)]


class Starter:
    """Begins one training at a time, so that there are never too many; knows which models it has shelved."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.models: dict[tuple[str, float], str] = {}


async def the_starter(request: Request) -> Starter:
    """Give the studio's."""
    state = request.app.state
    if not hasattr(state, "starter"):
        state.starter = Starter()
    assert isinstance(state.starter, Starter)  # noqa: S101
    return state.starter


StarterHere = Annotated[Starter, Depends(the_starter)]


# What there is -----------------------------------------------------------------------------------


@router.get("/api/runs")
def runs(house: HouseHere) -> RunList:
    """List the runs, the newest first."""
    found = [facts_of(name, path) for name, path in runs_in(root_of(house)).items()]
    return RunList(
        runs=found, trainings=sum(run.can_stop for run in found), most_trainings=house.limits.trainings
    )


@router.get("/api/runs/facts")
def facts(run: Name, house: HouseHere) -> RunFacts:
    """Say how a run stands."""
    return facts_of(run, find_run(root_of(house), run))


@router.get("/api/runs/metrics")
def metrics(run: Name, house: HouseHere, after: Whole = 0, mark: Whole = 0) -> Metrics:
    """Give the lines of a run's metrics that were written after a place."""
    return read_metrics(find_run(root_of(house), run) / run_folder.METRICS_NAME, after, mark)


@router.get("/api/runs/settings")
def settings(run: Name, house: HouseHere) -> Settings:
    """Give a run's settings."""
    return Settings(settings=settings_of(find_run(root_of(house), run)))


@router.get("/api/runs/sheets")
def sheets(run: Name, house: HouseHere) -> Sheets:
    """List the steps at which sample sheets were drawn."""
    return Sheets(steps=list(sheets_of(find_run(root_of(house), run))))


@router.get("/api/runs/sheet", response_class=FileResponse, responses=PNG)
def sheet(run: Name, step: Whole, house: HouseHere) -> FileResponse:
    """Give the sample sheet of a step."""
    path = sheets_of(find_run(root_of(house), run)).get(step)
    if path is None:
        raise LimnerError(f"There is no sheet of step {step}.")
    return FileResponse(path, media_type="image/png")


@router.get("/api/runs/log")
def log(run: Name, house: HouseHere) -> Log:
    """Give the end of what a training that a studio has begun has said."""
    return Log(text=log_of(find_run(root_of(house), run)))


# Trainings ---------------------------------------------------------------------------------------


@router.get("/api/runs/plans")
def plans(house: HouseHere) -> Plans:
    """Say what a training can be begun with."""
    return Plans(corpora=corpus_choices(house), presets=preset_choices(), starts=list(starts_of(house)))


@router.post("/api/runs")
async def start(plan: Plan, house: HouseHere, starter: StarterHere) -> Begun:
    """Begin a training, in a process that outlives the studio."""
    async with starter.lock:
        return await house.work(_start, plan, house)


@router.post("/api/runs/resume")
async def resume(wanted: Resume, house: HouseHere, starter: StarterHere) -> Begun:
    """Go on with a run from its last checkpoint."""
    async with starter.lock:
        return await house.work(_resume, wanted, house)


@router.post("/api/runs/stop")
def end(wanted: Stop, house: HouseHere) -> RunFacts:
    """Ask a training to end in good order, with a checkpoint; or at once."""
    path = find_run(root_of(house), wanted.run)
    stop(path, now=wanted.now)
    return facts_of(wanted.run, path)


@router.post("/api/runs/draw")
async def draw(wanted: RunName, house: HouseHere, starter: StarterHere) -> Shelved:
    """Put the best model of a run on the shelf, and the last one beside it, to draw with them."""
    async with starter.lock:
        return await house.work(_shelve, wanted.run, house, starter)


# The work, on a thread ---------------------------------------------------------------------------


def _start(plan: Plan, house: House, deadline: Deadline) -> Begun:
    root = root_of(house)
    choices = corpora_of(house)
    if plan.corpus not in choices:
        raise LimnerError("There is no such corpus to learn from.")
    starts = starts_of(house)
    if plan.start is not None and plan.start not in starts:
        raise LimnerError("There is no such model to begin with.")
    command = command_for(plan, choices[plan.corpus], root / plan.name, plan.start and starts[plan.start])
    _check_number(house)
    deadline.check()
    return _begin(root, plan.name, command)


def _resume(wanted: Resume, house: House, deadline: Deadline) -> Begun:
    root = root_of(house)
    path = find_run(root, wanted.run)
    if not facts_of(wanted.run, path).can_resume:
        raise LimnerError("This run has no checkpoint to go on from, or it goes on.")
    _check_number(house)
    deadline.check()
    command = going_on(path, house, wanted.max_steps)
    begin(path, command)
    return Begun(run=wanted.run, command=shlex.join(["limner", *command]))


def _begin(root: Path, name: str, command: list[str]) -> Begun:
    run = root / name
    with explained(run):
        if run.exists() or run.is_symlink():
            raise LimnerError(f"There is {name!r} in the folder of runs already; choose another name.")
        run.mkdir()
    begin(run, command)
    return Begun(run=name, command=shlex.join(["limner", *command]))


def _check_number(house: House) -> None:
    going = [
        path for path in runs_in(root_of(house)).values() if (t := training_in(path)) and t.running and t.ours
    ]
    if len(going) >= house.limits.trainings:
        raise LimnerError(
            f"{going[0].name} is training, and {house.limits.trainings} may at once; stop it first."
        )


def _shelve(name: str, house: House, starter: Starter, deadline: Deadline) -> Shelved:
    path = find_run(root_of(house), name)
    if not facts_of(name, path).has_model:
        raise LimnerError("This run has no model yet; it comes with the first validation.")
    key = (name, max(file.stat().st_mtime for file in (path / FILE_NAME, path / LAST_NAME) if file.is_file()))
    if key not in starter.models:
        if sum(1 for _ in house.shelf) >= MOST_MODELS:
            raise LimnerError(f"{MOST_MODELS} models are open already; start the studio anew.")
        starter.models[key] = house.shelf.open(name, str(path)).id
    deadline.check()
    return Shelved(model=starter.models[key])
