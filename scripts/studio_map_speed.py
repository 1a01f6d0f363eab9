"""Measure the Map room in Chromium: how soon a map is there, how fluid it is while it is moved.

    python scripts/studio_map_speed.py [--drawings 20000] [--seconds 4]

It lays doodles out by chance, starts a studio of its own on the loopback and prints figures; it judges
nothing.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from limner.cli.console import say
from limner.corpus.corpus import Corpus, Split, number_labels
from limner.corpus.doodles.make import make_doodles
from limner.curation.clusters import Clusters
from limner.curation.features import Features
from limner.curation.items import DrawingItems
from limner.curation.tiles import tile_sheets
from limner.files import whole_folder
from limner.studio.map.make_map import write_map
from limner.studio.map.map_spec import MapSpec
from limner.studio.map.map_store import FOLDER

if TYPE_CHECKING:
    from playwright.sync_api import Page

GROUPS = 16
DIFFERENT = 500
"""Drawings that are drawn; the others are the same again."""
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
READY = ".world[data-ready=yes]"
PAN = """async (seconds) => {
  const map = document.querySelector(".plane"), box = map.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  const about = { pointerId: 1, pointerType: "mouse", bubbles: true };
  const send = (type, dx, dy) =>
    map.dispatchEvent(new PointerEvent(type, { ...about, clientX: x + dx, clientY: y + dy }));
  map.setPointerCapture = () => undefined;
  send("pointerdown", 0, 0);
  const times = [], until = performance.now() + 1000 * seconds;
  await new Promise((done) => {
    const frame = (now) => {
      times.push(now);
      send("pointermove", 200 * Math.sin(times.length / 40), 120 * Math.sin(times.length / 55));
      if (now < until) requestAnimationFrame(frame); else done();
    };
    requestAnimationFrame(frame);
  });
  send("pointerup", 0, 0);
  return times;
}"""


def lay_by_chance(kept: Path, n: int) -> None:
    """Write a map of doodles in as many heaps as a map has groups."""
    drawings = make_doodles(min(n, DIFFERENT), seed=0)
    some = [drawings[i % len(drawings)] for i in range(n)]
    labels, names = number_labels([drawing.label for drawing in some])
    split = Split.from_arrays(
        [drawing.to_stroke3() for drawing in some], labels, [f"d#{i}" for i in range(n)]
    )
    items = DrawingItems.of(Corpus({"train": split}, names))
    chance = np.random.default_rng(0)
    groups = chance.integers(GROUPS, size=n)
    middles = chance.uniform(-0.8, 0.8, (GROUPS, 2))
    places = (middles[groups] + chance.normal(0, 0.12, (n, 2))).clip(-1, 1).astype(np.float32)
    clusters = Clusters(items.ids, groups.astype(np.int32), np.zeros(n, np.float32), {})
    features = Features(places, items.ids, items.splits, items.labels, {"name": "none"})
    order = MapSpec("chance", "chance", "shape", None, False, n, 0.4, 0)
    with whole_folder(kept / FOLDER / order.id) as draft:
        write_map(draft, order, items, features, clusters, places, tile_sheets(items))


def measure(page: Page, address: str, seconds: float) -> None:
    """Open the room from another one, and move the map at several distances."""
    page.goto(address)
    page.wait_for_selector("canvas.sheet")
    page.wait_for_timeout(1500)  # the rooms' modules are fetched at the start
    began = time.perf_counter()
    page.click("[data-room=map]")
    page.wait_for_selector(READY)
    say(f"{page.inner_text('.room-map .count')} ready after {time.perf_counter() - began:.2f} s")
    for _ in range(4):
        tell(page.evaluate(PAN, seconds))
        page.keyboard.press("+")
        page.keyboard.press("+")
        page.wait_for_timeout(900)


def tell(times: list[float]) -> None:
    """Print frames a second, and how long frames take."""
    gaps = np.diff(times)
    median, p95 = np.percentile(gaps, [50, 95])
    rate = f"panning: {1000 / gaps.mean():5.1f} frames/s"
    say(f"{rate}, median {median:5.1f} ms, p95 {p95:5.1f} ms, longest {gaps.max():5.1f} ms")


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--drawings", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=4.0)
    args = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder:
        lay_by_chance(Path(folder), args.drawings)
        command = [sys.executable, "-m", "limner", "studio", "--no-open", "--port", "0", "--keep", folder]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
        try:
            assert server.stdout is not None  # noqa: S101
            found = re.search(r"http://\S+", server.stdout.readline())
            assert found is not None  # noqa: S101
            time.sleep(6)  # the corpus is read in the background
            with sync_playwright() as playwright:
                options: dict[str, Any] = {"executable_path": shutil.which("chromium"), "args": ARGUMENTS}
                browser = playwright.chromium.launch(**options)
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                measure(page, found[0], args.seconds)
                browser.close()
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
