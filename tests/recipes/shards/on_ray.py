"""What the tests of the ray engine do in a process of their own: Ray leaves open what it has opened.

``python on_ray.py nodes LINES OUT`` builds on two workers twice and loses one of them meanwhile;
``python on_ray.py driver LINES OUT`` builds on a Ray of its own, to be killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from tests.recipes.shards.lines import RECIPE

from limner.corpus.opening import open_source
from limner.errors import DataError
from limner.recipes.engine import Engine
from limner.recipes.shards.build import build_shards
from limner.recipes.shards.ray_engine import RayEngine

PART = 4000


def build(lines: Path, out: Path, engine: Engine, progress: object = None) -> None:
    build_shards([open_source(lines)], out, RECIPE, engine, part_bytes=PART, progress=progress)  # type: ignore[arg-type]


def die_once(mark: Path) -> str:
    """Kill the worker that does this, the first time."""
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return mark.name


def refuse(name: str) -> None:
    raise DataError(f"{name} is bad.")


def nodes(lines: Path, out: Path) -> None:
    os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"  # listen on 127.0.0.1 only
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    workers = [cluster.add_node(num_cpus=1) for _ in range(2)]
    lost: list[int] = []

    def lose(done: int, _: int) -> None:
        if done > 3 * PART and not lost:
            lost.append(done)
            cluster.remove_node(workers.pop(), allow_graceful=False)

    with RayEngine(address=cluster.address) as engine:
        build(lines, out / "two", engine)
        build(lines, out / "one", engine, lose)
        marks = [out / f"mark-{k}" for k in range(3)]
        names = list(engine.map(die_once, marks))
        try:
            list(engine.map(refuse, ["it"]))
        except DataError as error:
            refusal = str(error)
    print(json.dumps({"lost": lost, "names": names, "refusal": refusal}))  # noqa: T201
    cluster.shutdown()  # type: ignore[no-untyped-call]


def driver(lines: Path, out: Path) -> None:
    with RayEngine(2) as engine:
        build(lines, out / "killed", engine)


if __name__ == "__main__":
    {"nodes": nodes, "driver": driver}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
