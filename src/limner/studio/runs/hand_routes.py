"""Routes of a new hand; a part of the Runs room."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request

from limner.files import explained
from limner.studio.context import ContextDep, StudioContext
from limner.studio.deadline import Deadline
from limner.studio.runs.hand import FOLDER, add_picture, advice, start_hand
from limner.studio.runs.running import TrainingStarterDep, check_limit
from limner.studio.runs.schemas import RUN_NAME, HandAdvice, HandPictures, HandPlan, TrainingBegun
from limner.studio.scan.upload import BODY, save_upload
from limner.studio.schemas import Name

router = APIRouter(tags=["runs"])


@router.get("/api/runs/hand/advice")
def hand_advice(
    drawings: Annotated[int, Query(ge=1, le=10_000_000)],
    minutes: Annotated[float, Query(ge=0.1, le=1440)] = 10.0,
) -> HandAdvice:
    """Return which preset suits so many drawings."""
    return advice(drawings, minutes)


@router.post("/api/runs/hand/pictures", openapi_extra={"requestBody": BODY})
async def hand_pictures(
    request: Request, context: ContextDep, hand: Annotated[str, Query(pattern=RUN_NAME)], name: Name = ""
) -> HandPictures:
    """Add a picture to those that a hand will be learned from."""
    folder = context.folders.kept / FOLDER
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    path, filename = await save_upload(request, name, folder)
    try:
        return add_picture(context, hand, path, filename)
    finally:
        path.unlink(missing_ok=True)


@router.post("/api/runs/hand")
async def learn_hand(plan: HandPlan, context: ContextDep, starter: TrainingStarterDep) -> TrainingBegun:
    """Start to learn a hand in a process that outlives the studio."""
    async with starter.lock:
        return await context.run_in_thread(_start, plan, context)


def _start(plan: HandPlan, context: StudioContext, deadline: Deadline) -> TrainingBegun:
    check_limit(context)
    deadline.check()
    return start_hand(plan, context)
