"""A studio in this process, a studio in a process of its own, and a browser that looks at it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from starlette.testclient import TestClient

from limner.studio.access import AccessPolicy
from limner.studio.app import create_app
from limner.studio.context import StudioContext, StudioFolders
from limner.studio.limits import Limits
from limner.studio.model_library import ModelLibrary, corpus_source_for
from limner.studio.workers.pool import Workers

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    Shot = Callable[[Page, str], None]

CHROMIUM_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
PATIENT_SECONDS = 300.0  # a busy machine is no fault
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 375, "height": 740}


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """Apply the shared fixture to every test here."""


# In this process ---------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def library() -> ModelLibrary:
    """Return the shipped model; not to be changed."""
    return ModelLibrary(["doodles"], corpus_source_for(None, ["doodles"]))


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    """Return workers that are begun once for all tests."""
    workers = Workers(Limits())
    yield workers
    workers.close()


@pytest.fixture
def context(library: ModelLibrary, workers: Workers, tmp_path: Path) -> Iterator[StudioContext]:
    """Return a context whose folder for what is kept does not exist yet."""
    context = StudioContext(library, StudioFolders(tmp_path / "kept"), workers=workers)
    yield context
    context.close()


@pytest.fixture
def client(context: StudioContext) -> Iterator[TestClient]:
    """Return a client of the application, as a page of the same origin."""
    with TestClient(create_app(context, AccessPolicy()), base_url="http://localhost:8700") as client:
        yield client


def circle(n: int = 30, radius: float = 80.0) -> list[list[float]]:
    """Return a stroke as it travels."""
    angles = np.linspace(0, 6, n)
    return (radius * np.column_stack([np.cos(angles), np.sin(angles)])).round(2).tolist()  # type: ignore[no-any-return]


def sketch(**facts: Any) -> dict[str, Any]:
    """Return a drawing as it travels."""
    return {"strokes": [circle(), [[0.0, 0.0], [30.0, 10.0]]], **facts}


# In a process of its own -------------------------------------------------------------------------


class Server:
    """A studio that was started as a person starts it."""

    def __init__(self, kept: Path, port: int = 0, *options: str, ignoring: bool = False) -> None:
        command = [sys.executable, "-W", "error", "-m", "limner", "studio", "doodles", "--no-open"]
        command += ["--port", str(port), "--keep", str(kept), *options]
        self.kept = kept
        if ignoring:  # as a shell that is no terminal's begins what runs in the background
            command = ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *command]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        found = re.search(r"http://\S+", self.process.stdout.readline())
        if found is None:
            raise RuntimeError(f"the studio did not start: {self.stop()}")
        self.address = found[0]
        self.port = urlsplit(self.address).port or 0

    def stop(self) -> str:
        """End it as Ctrl-C does, and return what it complained of."""
        self.process.send_signal(2)
        return self.process.communicate(timeout=PATIENT_SECONDS)[1]

    def kill(self) -> None:
        """End it without warning."""
        self.process.kill()
        self.process.communicate(timeout=PATIENT_SECONDS)


@pytest.fixture(scope="session")
def studio_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a running studio; it must not complain of anything."""
    server = Server(tmp_path_factory.mktemp("studio") / "kept")
    yield server
    assert server.stop() == ""


# In a browser ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is missing")
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("there is no Chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


class Watch:
    """What a page must not do: complain, fail, or ask anybody but its own studio."""

    def __init__(self, page: Page, address: str) -> None:
        self.faults: list[str] = []
        self.strangers: list[str] = []
        host = urlsplit(address).netloc
        page.on("console", lambda m: self.faults.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self._see(request.url, host))
        page.on("websocket", lambda socket: self._see(socket.url, host))

    def _see(self, url: str, host: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc != host:
            self.strangers.append(url)


@pytest.fixture
def open_page(chromium: Browser, studio_server: Server) -> Iterator[Callable[..., Page]]:
    """Return what opens the studio in a fresh browser; afterwards nothing may have gone wrong there."""
    contexts, watches = [], []

    def open_it(room: str = "", *, size: dict[str, int] | None = None, **options: Any) -> Page:
        context = chromium.new_context(viewport=size or DESK, accept_downloads=True, **options)  # type: ignore[arg-type]
        context.set_default_timeout(1000 * PATIENT_SECONDS)
        page = context.new_page()
        contexts.append(context)
        watches.append(Watch(page, studio_server.address))
        page.goto(studio_server.address + (f"#{room}" if room else ""))
        page.wait_for_selector("#room > section:not([hidden]) > *")
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert [fault for watch in watches for fault in watch.faults] == []
    assert [url for watch in watches for url in watch.strangers] == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """Return the studio in a desk's browser."""
    return open_page()


@pytest.fixture(scope="session")
def shot(tmp_path_factory: pytest.TempPathFactory) -> Shot:
    """Return what keeps a picture of a page, in ``LIMNER_SHOTS`` if that is set."""
    folder = Path(os.environ.get("LIMNER_SHOTS") or tmp_path_factory.mktemp("shots"))

    def keep(page: Page, name: str) -> None:
        page.screenshot(path=folder / f"{name}.png")
        assert (folder / f"{name}.png").stat().st_size > 3000

    return keep
