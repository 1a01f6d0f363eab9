"""The application: facts, faults as sentences, bounded work, the page without anything from outside."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import pytest
from fastapi import APIRouter
from starlette.testclient import TestClient

from limner.studio.access import AccessPolicy
from limner.studio.app import MAP_MODULES, STATIC, create_app
from limner.studio.context import StudioContext
from limner.studio.deadline import Deadline, DeadlineError
from limner.studio.limits import Limits
from limner.studio.room import STYLE
from limner.studio.rooms import ROOMS

NODE = Path(__file__).parent / "node"


def test_facts(client: TestClient) -> None:
    facts = client.get("/api/studio").json()
    (model,) = facts["models"]
    assert (model["id"], model["conditional"], "cat" in model["labels"]) == ("doodles", True, True)
    assert facts["bounds"]["futures"] == 8
    assert facts["runs"] is False


@pytest.mark.parametrize(
    "body", [b"{", b"\xff", b'{"model": NaN}', b'{"model": "\\ud800"}', b"[" * 3000, b'{"\\ud800": 1}']
)
def test_what_is_not_understood_is_a_sentence(client: TestClient, body: bytes) -> None:
    answer = client.post("/api/sample", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert isinstance(answer.json()["detail"], str)


def test_errors_are_short_and_printable(client: TestClient) -> None:
    """However long what they quote is, and whatever characters are in it."""
    answer = client.post(f"/api/scan/corpora/{'x' * 1000}%00%1b[1m/undo", json={"drawings": []})
    detail = answer.json()["detail"]
    assert (answer.status_code, len(detail) <= 300, detail.isprintable()) == (400, True, True)
    assert detail.startswith("There is no corpus")


def test_the_maps_own_modules_are_served(client: TestClient) -> None:
    answer = client.get("/static/map/map.js")
    assert (answer.status_code, "javascript" in answer.headers["content-type"]) == (200, True)
    assert client.get("/static/map/..%2fpage.html").status_code == 404


def test_unknown_paths_and_methods(client: TestClient) -> None:
    assert (client.get("/nosuch").status_code, client.get("/nosuch").json()) == (404, {"detail": "Not Found"})
    answer = client.put("/api/studio")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


def test_work_is_bounded(context: StudioContext) -> None:
    """Two at once, one more waits, the fourth is asked to come again."""
    context.limits = Limits(concurrent_jobs=2, queued_jobs=1)
    gate, router = threading.Event(), APIRouter()
    started = threading.Semaphore(0)

    def wait(*, deadline: Deadline) -> bool:
        started.release()
        return gate.wait(20) and deadline is not None

    async def work() -> bool:
        return await context.run_in_thread(wait)

    router.get("/api/wait")(work)
    app = create_app(context, AccessPolicy())
    app.include_router(router)
    with TestClient(app, base_url="http://localhost") as client, ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(client.get, "/api/wait") for _ in range(4)]
        started.acquire()
        started.acquire()
        refused = next(as_completed(asked)).result()
        gate.set()
        codes = sorted(one.result().status_code for one in asked)
    assert refused.json()["detail"].startswith("The studio is busy")
    assert codes == [200, 200, 200, 429]


def test_overtime() -> None:
    Deadline(10).check()
    with pytest.raises(DeadlineError, match="too long"):
        Deadline(-1).check()


def test_the_page_is_complete() -> None:
    """What is imported and linked is there; nothing comes from outside; nothing is inline."""
    for path in STATIC.rglob("*.js"):
        for name in re.findall(r'(?:from|import)\s*\(?\s*"(\.[^"]+)"', path.read_text()):
            found = (path.parent / name).resolve()
            if found.parent == STATIC / "map":  # these are of another room, and served beside
                found = MAP_MODULES / found.name
            assert found.is_file(), f"{path} imports {name}"
    page = (STATIC / "index.html").read_text()
    for name in re.findall(r'(?:href|src)="/static/([^"]+)"', page):
        assert (STATIC / name).is_file(), name
    assert not re.search(r"<script(?![^>]*src=)|\son\w+=|style=", page)
    for path in [*STATIC.rglob("*.js"), *STATIC.rglob("*.css"), *STATIC.rglob("*.html")]:
        text = path.read_text().replace("http://www.w3.org/2000/svg", "")
        assert "://" not in text, f"{path} names an address"
        assert len(text.splitlines()) <= 500, f"{path} is long"


def test_every_room_has_a_style_sheet_of_its_own() -> None:
    """Whose rules touch nothing else."""
    for name, room in ROOMS.built_in():
        text = (room.static / STYLE).read_text()
        plain = re.sub(
            r"/\*.*?\*/|@keyframes[^{]*\{(?:[^{}]*\{[^}]*\})*\s*\}|\([^()]*\)", "", text, flags=re.S
        )
        for selectors in re.findall(r"([^{}]+)\{", plain):
            own = [f".room-{name}" in one or one.strip().startswith("@media") for one in selectors.split(",")]
            assert all(own), selectors


@pytest.mark.slow
def test_types() -> None:
    """``tsc --checkJs`` over all modules of the page."""
    compiler = NODE / "node_modules" / "typescript" / "bin" / "tsc"
    if shutil.which("node") is None or not compiler.is_file():
        pytest.skip("typescript is not installed: npm install --prefix tests/studio/node")
    done = subprocess.run(
        ["node", str(compiler), "-p", str(NODE / "tsconfig.json")],
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_the_pages_own_arithmetic() -> None:
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    command = ["node", "--test", str(NODE / "page.test.mjs")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout[-3000:]
