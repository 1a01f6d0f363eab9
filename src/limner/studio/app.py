"""The web application: routers, static files and error handlers."""

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

from limner._version import __version__
from limner.curation import map_page
from limner.errors import LimnerError, sentence
from limner.studio import info
from limner.studio.access import AccessMiddleware, AccessPolicy
from limner.studio.context import BusyError, NotFoundError, StudioContext
from limner.studio.rooms import ROOMS
from limner.studio.schemas import ErrorAnswer

STATIC = Path(__file__).parent / "static"
MAP_MODULES = Path(map_page.__file__).parent / "web" / "map"
"""ES modules of the map, which the page of ``limner curate map`` uses as well."""
SUMMARY = "Draw with a model, wander between drawings, keep what is good."
ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorAnswer, "description": "The request cannot be carried out"},
    404: {"model": ErrorAnswer, "description": "Not found"},
    413: {"model": ErrorAnswer, "description": "Too large"},
    422: {"model": ErrorAnswer, "description": "Malformed"},
    429: {"model": ErrorAnswer, "description": "Busy; may be sent again a little later"},
}


def create_app(context: StudioContext, policy: AccessPolicy) -> FastAPI:
    """Build the application.

    Parameters
    ----------
    context : StudioContext
        Closed when the application shuts down.
    policy : AccessPolicy
        Who may send requests.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        context.close()

    app = FastAPI(
        title="limner studio", version=__version__, summary=SUMMARY, lifespan=lifespan, responses=ERRORS,
        openapi_url="/api/openapi.json", docs_url=None, redoc_url=None,
    )  # fmt: skip
    app.state.context = context
    app.add_middleware(AccessMiddleware, policy=policy)
    app.add_exception_handler(LimnerError, _limner_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    _add_rooms(app)
    app.get("/", include_in_schema=False)(index)
    app.mount("/static/map", StaticFiles(directory=MAP_MODULES), name="map-modules")
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


def _add_rooms(app: FastAPI) -> None:
    """Add the routes and the static files of every room."""
    app.include_router(info.router)
    app.state.rooms = rooms = dict(ROOMS.items())
    for name, room in rooms.items():
        app.include_router(room.router)
        app.mount(f"/static/rooms/{name}", StaticFiles(directory=room.static), name=f"room-{name}")


async def index() -> FileResponse:
    """Return the page."""
    return FileResponse(STATIC / "index.html")


def error_answer(status: int, detail: str) -> JSONResponse:
    """Return an answer that holds an error as one sentence of at most 300 characters."""
    return JSONResponse({"detail": sentence(detail).encode("utf-8", "replace").decode()}, status)


async def _limner_error(_: Request, error: Exception) -> JSONResponse:
    status = 429 if isinstance(error, BusyError) else 404 if isinstance(error, NotFoundError) else 400
    return error_answer(status, str(error))


async def _validation_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    first = error.errors()[0]
    location = ".".join(str(part) for part in first["loc"])
    return error_answer(422, f"{location}: {first['msg']}.")


async def _http_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    answer = error_answer(error.status_code, str(error.detail))
    answer.headers.update(error.headers or {})
    return answer
