"""Measure the studio: how soon the first point comes, how fast points stream, how ten browsers fare at once.

    python scripts/studio_speed.py [MODEL] [--browsers 10] [--futures 8] [--seconds 5] [--sessions 10000]

It starts a studio of its own on the loopback and prints figures; it judges nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import websockets

from limner.cli.console import say

PACE = 60.0  # points a second that a page usually shows
FASTEST = 100_000.0
PRIME_SECONDS = 0.09


def ink(points: int, number: int = 0, share: float = 1.0) -> dict[str, object]:
    """Return the beginning of a spiral that the model reads as about so many points, each number another."""
    angles = (points / 5 * np.linspace(0, 1, 8 * points) ** 0.7)[: round(8 * points * share)]
    turned, radius = angles + 0.37 * number, 20 + 8 * angles
    places = np.column_stack([radius * np.cos(turned), radius * np.sin(turned)])
    return {"strokes": [places.round(1).tolist()]}


class Page:
    """A browser, as far as the server can tell."""

    def __init__(self, address: str, model: str) -> None:
        self.address, self.model, self.turn = address, model, 0

    async def __aenter__(self) -> Page:
        self.socket = await websockets.connect(self.address, compression=None)
        await self.socket.recv()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()

    async def draw(
        self, futures: int, pace: float, points: int = 30, new_points: int = 2000, primed: bool = False
    ) -> tuple[float, list[tuple[float, int]]]:
        """Take a turn; give the time until its first point in ms, and when how many points came.

        If ``primed``, the stroke was sent before as a page does while the pen is down, the last time when
        nine tenths of it were drawn.
        """
        self.turn += 1
        if primed:
            for share in (0.3, 0.6, 0.9):
                part = {"type": "prime", "model": self.model, "sketch": ink(points, self.turn, share)}
                await self.socket.send(json.dumps(part))
                await asyncio.sleep(PRIME_SECONDS)
        wish = {"type": "begin", "turn": self.turn, "model": self.model, "sketch": ink(points, self.turn)}
        wish["new_points"] = new_points
        await self.socket.send(json.dumps({**wish, "futures": futures, "pace": pace, "seed": self.turn}))
        began, first, came = time.perf_counter(), 0.0, []
        while True:
            message = await self.socket.recv()
            now = time.perf_counter()
            if isinstance(message, bytes):
                (count,) = struct.unpack_from("<H", message, 2)
                first = first or now - began
                came.append((now, count))
            elif json.loads(message)["type"] == "done":
                return 1e3 * first, came
            elif json.loads(message)["type"] == "refused":
                raise RuntimeError(message)


async def one_page(address: str, model: str, futures: int) -> None:
    """Measure a page that is alone."""
    async with Page(address, model) as page:
        for points in (10, 30, 60):
            for primed in (False, True):
                firsts = [(await page.draw(futures, PACE * 50, points, primed=primed))[0] for _ in range(22)][
                    2:
                ]
                how = ", read while it was drawn" if primed else ""
                tell(f"first point after {points:3d} points of ink{how}", firsts, "ms")
        for n in (1, futures):
            rates = []
            for _ in range(12):
                _, came = await page.draw(n, FASTEST)
                rates.append(sum(count for _, count in came[1:]) / (came[-1][0] - came[0][0]))
            tell(f"points a second of {n} future{'s' * (n > 1)}", rates[2:], "/s")


async def many_pages(
    address: str, model: str, browsers: int, futures: int, seconds: float, pace: float
) -> None:
    """Measure pages that draw at once: how late points come at a pace, or how far apart without one."""

    async def work(page: Page) -> list[float]:
        gaps, until = list[float](), time.perf_counter() + seconds
        while time.perf_counter() < until:
            _, came = await page.draw(futures, pace)
            times = np.array([when for when, _ in came])
            gaps += (np.diff(times) - (1 / pace if pace < FASTEST else 0)).tolist()
        return gaps

    pages = [Page(address, model) for _ in range(browsers)]
    for page in pages:
        await page.__aenter__()
    gaps = [gap for found in await asyncio.gather(*map(work, pages)) for gap in found]
    for page in pages:
        await page.__aexit__()
    what = "lateness of a point" if pace < FASTEST else "time between points"
    tell(f"{browsers} browsers x {futures} futures, {what}", (1e3 * np.maximum(gaps, 0)).tolist(), "ms")


async def sessions(address: str, model: str, count: int, process: int) -> None:
    """Measure the memory over many pages that come, draw a little and go."""
    for k in range(count + 1):
        if k % max(1, count // 8) == 0:
            say(f"  {k:6d} sessions: {resident_mb(process):.0f} MB")
        async with Page(address, model) as page:
            if k % 3:
                await page.draw(2, FASTEST, 5, 10)
            elif k % 2:
                await page.socket.send("nonsense")


def resident_mb(process: int) -> float:
    """Return the memory that a process holds, in MB."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def tell(what: str, values: list[float], unit: str) -> None:
    """Print a figure."""
    p5, median, p95 = np.percentile(values, [5, 50, 95])
    say(f"{what:58s} median {median:8.1f} {unit}, p5 {p5:8.1f}, p95 {p95:8.1f}")


def frame_costs() -> None:
    """Compare what binary frames and JSON cost for one step of eight futures."""
    from limner.studio.draw.messages import points_frame
    from limner.studio.draw.session import Dot

    dots = [Dot(k, 0, 12.34 * k, -56.78 + k) for k in range(8)]

    def as_json() -> bytes:
        rows = [[dot.future, dot.pen, round(dot.x, 2), round(dot.y, 2)] for dot in dots]
        return json.dumps({"type": "points", "turn": 7, "dots": rows}).encode()

    packers: dict[str, Callable[[], bytes]] = {"binary": lambda: points_frame(7, dots), "JSON": as_json}
    for name, pack in packers.items():
        began = time.perf_counter()
        for _ in range(5000):
            packed = pack()
        micros = (time.perf_counter() - began) / 5000 * 1e6
        say(f"a step of 8 futures as {name}: {len(packed)} bytes, {micros:.1f} us to pack")


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", nargs="?", default="doodles")
    parser.add_argument("--browsers", type=int, default=10)
    parser.add_argument("--futures", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--sessions", type=int, default=0)
    parser.add_argument("--only-sessions", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "limner",
            "studio",
            args.model,
            "--no-open",
            "--port",
            "0",
            "--keep",
            folder,
        ]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
        try:
            assert server.stdout is not None  # noqa: S101
            found = re.search(r"http://(\S+?)/", server.stdout.readline())
            assert found is not None  # noqa: S101
            address, model = f"ws://{found[1]}/api/draw", Path(args.model).stem
            time.sleep(6)  # the corpus is read in the background
            asyncio.run(measure(address, model, args, server.pid))
        finally:
            server.terminate()
            server.wait()


async def measure(address: str, model: str, args: argparse.Namespace, process: int) -> None:
    """Take all figures."""
    if args.only_sessions:
        await sessions(address, model, args.sessions, process)
        return
    frame_costs()
    await one_page(address, model, args.futures)
    for pace in (PACE, FASTEST):
        await many_pages(address, model, args.browsers, args.futures, args.seconds, pace)
    if args.sessions:
        await sessions(address, model, args.sessions, process)


if __name__ == "__main__":
    main()
