"""The web application: rooms, pages and faults put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

import limner.curation
from limner import __version__
from limner.errors import LimnerError
from limner.studio.context import AbsentError, BusyError, House
from limner.studio.guard import Entry, Guard
from limner.studio.rooms import ROUTERS
from limner.studio.shapes import Fault

STATIC = Path(__file__).parent / "static"
MAP_MODULES = Path(limner.curation.__file__).parent / "web" / "map"
"""The map's own modules, which the page of ``limner curate map`` is made of too."""
SUMMARY = "Draw with a model, wander between drawings, keep what is good."
FAULTS: dict[int | str, dict[str, Any]] = {
    400: {"model": Fault, "description": "What was asked for cannot be done"},
    404: {"model": Fault, "description": "Not there"},
    413: {"model": Fault, "description": "Too large"},
    422: {"model": Fault, "description": "Not understood"},
    429: {"model": Fault, "description": "Busy; to be asked again a little later"},
}


def create_app(house: House, entry: Entry) -> FastAPI:
    """Make the application.

    Parameters
    ----------
    house : House
        Closed when the application ends.
    entry : Entry
        Who may come in.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        house.close()

    app = FastAPI(
        title="limner studio", version=__version__, summary=SUMMARY, lifespan=lifespan, responses=FAULTS,
        openapi_url="/api/openapi.json", docs_url=None, redoc_url=None,
    )  # fmt: skip
    app.state.house = house
    app.add_middleware(Guard, entry=entry)
    app.add_exception_handler(LimnerError, _limner_fault)
    app.add_exception_handler(RequestValidationError, _validation_fault)
    app.add_exception_handler(HTTPException, _http_fault)
    for router in ROUTERS:
        app.include_router(router)
    app.get("/", include_in_schema=False)(index)
    app.mount("/static/map", StaticFiles(directory=MAP_MODULES), name="map-modules")
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


async def index() -> FileResponse:
    """Give the page."""
    return FileResponse(STATIC / "index.html")


def fault(status: int, sentence: str) -> JSONResponse:
    """Answer with a sentence."""
    return JSONResponse({"detail": sentence.encode("utf-8", "replace").decode()}, status)


async def _limner_fault(_: Request, error: Exception) -> JSONResponse:
    return fault(
        429 if isinstance(error, BusyError) else 404 if isinstance(error, AbsentError) else 400, str(error)
    )


async def _validation_fault(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return fault(422, f"{place}: {first['msg']}.")


async def _http_fault(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    answer = fault(error.status_code, str(error.detail))
    answer.headers.update(error.headers or {})
    return answer
