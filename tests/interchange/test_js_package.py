"""The npm package ``js/``: its own tests in Node, and its plain example in a browser, with a model."""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from limner.interchange.web_page import WEB, write_web_page
from limner.models.weights import find_weights, load_weights

JS = Path(__file__).parents[2] / "js"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not JS.is_dir(), reason="the package is not in this distribution"),
    pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed"),
]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return a copy of the package with what ``npm pack`` copies into it."""
    folder = tmp_path / "js"
    shutil.copytree(JS, folder)
    shutil.copy(WEB / "limner.js", folder)
    return folder


def test_its_own_tests(package: Path) -> None:
    done = subprocess.run(
        ["node", "--test"], cwd=package, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "# pass 6" in done.stdout


def test_what_is_packed(package: Path) -> None:
    """The version is that of limner, and the module is the one that the page of a model has."""
    about = json.loads((package / "package.json").read_text())
    version = (JS.parent / "src/limner/_version.py").read_text()
    assert f'"{about["version"]}"' in version
    assert '"../src/limner/interchange/web/limner.js", "./limner.js"' in (package / "copy.mjs").read_text()
    assert {"limner.js", "limner.d.ts", "examples"} == set(about["files"])


@pytest.fixture
def address(package: Path) -> Iterator[str]:
    """Serve the package, with a model beside it."""
    write_web_page(*load_weights(find_weights("doodles")), package / "page")
    shutil.copy(package / "page" / "model.json", package)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(package))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.browser
def test_the_plain_example(address: str) -> None:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is missing")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("there is no Chromium")
    errors: list[str] = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--no-first-run"]
        )
        page = browser.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{address}/examples/plain.html")
        page.wait_for_selector("svg path", state="attached", timeout=60_000)
        browser.close()
    assert errors == []
