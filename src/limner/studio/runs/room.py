"""The Runs room: metrics and samples of trainings; start, resume and stop them."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse

from limner.errors import LimnerError
from limner.files import explained
from limner.models.weights import FILE_NAME, LAST_NAME
from limner.studio.context import ContextDep, StudioContext
from limner.studio.deadline import Deadline
from limner.studio.keep.folder import files_in
from limner.studio.model_library import HAND_RUN
from limner.studio.room import BUILT_IN, Room
from limner.studio.runs import hand_routes
from limner.studio.runs.metrics import read_metrics
from limner.studio.runs.plan import (
    corpora_by_name,
    corpus_choices,
    initial_models,
    preset_choices,
    resume_command,
    train_command,
)
from limner.studio.runs.run_store import (
    find_run,
    flat_settings,
    log_of,
    run_facts,
    runs_folder,
    runs_in,
    sheets_of,
)
from limner.studio.runs.running import TrainingStarter, TrainingStarterDep, check_limit
from limner.studio.runs.schemas import (
    MetricsTail,
    OpenedModel,
    PlanChoices,
    ResumeRequest,
    RunFacts,
    RunList,
    RunReference,
    RunSettings,
    SheetSteps,
    StopRequest,
    TrainingBegun,
    TrainingLog,
    TrainingPlan,
)
from limner.studio.runs.training_process import start_training, stop_training
from limner.studio.schemas import Name
from limner.training import run_folder

router = APIRouter(tags=["runs"])
router.include_router(hand_routes.router)

MAX_MODELS = 24
"""Models that can be drawn with at once."""
PNG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}}}}
Whole = Annotated[int, Query(ge=0, le=2**53 - 1)]


# Reading -----------------------------------------------------------------------------------------


ROOM = Room("Runs", router, BUILT_IN / "runs", "runs", lambda context: context.folders.runs is not None)


@router.get("/api/runs")
def runs(context: ContextDep) -> RunList:
    """Return the runs, the newest first."""
    listed = [run_facts(name, path) for name, path in runs_in(runs_folder(context)).items()]
    return RunList(
        runs=listed,
        trainings=sum(run.can_stop for run in listed),
        most_trainings=context.limits.concurrent_trainings,
    )


@router.get("/api/runs/facts")
def facts(run: Name, context: ContextDep) -> RunFacts:
    """Return the state of a run."""
    return run_facts(run, find_run(runs_folder(context), run))


@router.get("/api/runs/metrics")
def metrics(run: Name, context: ContextDep, after: Whole = 0, mark: Whole = 0) -> MetricsTail:
    """Return the lines of a run's metrics after an offset."""
    return read_metrics(find_run(runs_folder(context), run) / run_folder.METRICS_NAME, after, mark)


@router.get("/api/runs/settings")
def settings(run: Name, context: ContextDep) -> RunSettings:
    """Return the settings of a run."""
    return RunSettings(settings=flat_settings(find_run(runs_folder(context), run)))


@router.get("/api/runs/sheets")
def sheets(run: Name, context: ContextDep) -> SheetSteps:
    """Return the steps at which sample sheets were drawn."""
    return SheetSteps(steps=list(sheets_of(find_run(runs_folder(context), run))))


@router.get("/api/runs/sheet", response_class=FileResponse, responses=PNG)
def sheet(run: Name, step: Whole, context: ContextDep) -> FileResponse:
    """Return the sample sheet of a step."""
    path = sheets_of(find_run(runs_folder(context), run)).get(step)
    if path is None:
        raise LimnerError(f"There is no sheet of step {step}.")
    return FileResponse(path, media_type="image/png")


@router.get("/api/runs/log")
def log(run: Name, context: ContextDep) -> TrainingLog:
    """Return the last lines that a training of the studio printed."""
    return TrainingLog(text=log_of(find_run(runs_folder(context), run)))


# Starting and stopping ---------------------------------------------------------------------------


@router.get("/api/runs/plans")
def plans(context: ContextDep) -> PlanChoices:
    """Return what a training can be started with."""
    return PlanChoices(
        corpora=corpus_choices(context),
        kept=len(files_in(context.folders.kept)),
        presets=preset_choices(),
        starts=list(initial_models(context)),
    )


@router.post("/api/runs")
async def start(plan: TrainingPlan, context: ContextDep, starter: TrainingStarterDep) -> TrainingBegun:
    """Start a training in a process that outlives the studio."""
    async with starter.lock:
        return await context.run_in_thread(_start, plan, context)


@router.post("/api/runs/resume")
async def resume(request: ResumeRequest, context: ContextDep, starter: TrainingStarterDep) -> TrainingBegun:
    """Resume a run from its last checkpoint."""
    async with starter.lock:
        return await context.run_in_thread(_resume, request, context)


@router.post("/api/runs/stop")
def stop(request: StopRequest, context: ContextDep) -> RunFacts:
    """Ask a training to stop with a checkpoint, or immediately."""
    path = find_run(runs_folder(context), request.run)
    stop_training(path, now=request.now)
    return run_facts(request.run, path)


@router.post("/api/runs/draw")
async def draw(request: RunReference, context: ContextDep, starter: TrainingStarterDep) -> OpenedModel:
    """Open the best model of a run for drawing, and the last one beside it."""
    async with starter.lock:
        return await context.run_in_thread(_open_model, request.run, context, starter)


# Jobs, on a thread -------------------------------------------------------------------------------


def _start(plan: TrainingPlan, context: StudioContext, deadline: Deadline) -> TrainingBegun:
    root = runs_folder(context)
    choices = corpora_by_name(context)
    if plan.corpus not in choices:
        raise LimnerError("There is no such corpus to learn from.")
    models = initial_models(context)
    if plan.start is not None and plan.start not in models:
        raise LimnerError("There is no such model to begin with.")
    command = train_command(plan, choices[plan.corpus], root / plan.name, plan.start and models[plan.start])
    check_limit(context)
    deadline.check()
    return _start_in_new_folder(root, plan.name, command)


def _resume(request: ResumeRequest, context: StudioContext, deadline: Deadline) -> TrainingBegun:
    root = runs_folder(context)
    path = find_run(root, request.run)
    if not run_facts(request.run, path).can_resume:
        raise LimnerError("This run has no checkpoint to go on from, or it goes on.")
    check_limit(context)
    deadline.check()
    command = resume_command(path, context, request.max_steps)
    start_training(path, command)
    return TrainingBegun(run=request.run, command=shlex.join(["limner", *command]))


def _start_in_new_folder(root: Path, name: str, command: list[str]) -> TrainingBegun:
    run = root / name
    with explained(run):
        if run.exists() or run.is_symlink():
            raise LimnerError(f"There is {name!r} in the folder of runs already; choose another name.")
        run.mkdir(parents=True)
    start_training(run, command)
    return TrainingBegun(run=name, command=shlex.join(["limner", *command]))


def _open_model(
    name: str, context: StudioContext, starter: TrainingStarter, deadline: Deadline
) -> OpenedModel:
    path = find_run(runs_folder(context), name)
    if not run_facts(name, path).has_model:
        raise LimnerError("This run has no model yet; it comes with the first validation.")
    key = (name, max(file.stat().st_mtime for file in (path / FILE_NAME, path / LAST_NAME) if file.is_file()))
    if key not in starter.models:
        if sum(1 for _ in context.library) >= MAX_MODELS:
            raise LimnerError(f"{MAX_MODELS} models are open already; restart the studio.")
        starter.models[key] = context.library.open(name.removesuffix(f"/{HAND_RUN}"), str(path)).id
    deadline.check()
    return OpenedModel(model=starter.models[key])
