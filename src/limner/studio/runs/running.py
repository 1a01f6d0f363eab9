"""Trainings that run: their starter, and their limit."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from limner.errors import LimnerError
from limner.studio.context import StudioContext
from limner.studio.model_library import HAND_RUN
from limner.studio.runs.run_store import runs_folder, runs_in
from limner.studio.runs.training_process import training_in


class TrainingStarter:
    """Serialises the start of trainings, so that their limit holds; knows which run's models are open."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.models: dict[tuple[str, float], str] = {}


async def get_training_starter(request: Request) -> TrainingStarter:
    """Return the studio's training starter."""
    state = request.app.state
    if not hasattr(state, "starter"):
        state.starter = TrainingStarter()
    assert isinstance(state.starter, TrainingStarter)  # noqa: S101
    return state.starter


TrainingStarterDep = Annotated[TrainingStarter, Depends(get_training_starter)]


def check_limit(context: StudioContext) -> None:
    """Refuse another training where as many run as may.

    Raises
    ------
    LimnerError
        With the name of one that runs.
    """
    running = [
        name.removesuffix(f"/{HAND_RUN}")
        for name, path in runs_in(runs_folder(context)).items()
        if (t := training_in(path)) and t.running and t.by_studio
    ]
    limit = context.limits.concurrent_trainings
    if len(running) >= limit:
        raise LimnerError(f"{running[0]} is training, and {limit} may at once; stop it first.")
