"""Pages as vpype reads them, and the travel of its ``linesort --two-opt``.

vpype need not be installed beside limner: ``LIMNER_VPYPE`` may name the Python of an environment that has it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from itertools import islice, product
from pathlib import Path

import numpy as np
import pytest

from limner.plot.layers import way_of
from limner.plot.page import PlotPage
from limner.plot.pens import PENS
from limner.plot.plan import plan_page
from limner.plot.svg import plan_to_svg
from limner.strokes.drawing import Drawing

PX = 25.4 / 96
"""Millimetres of vpype's unit."""
SCRIPT = """
import json, sys
import vpype, vpype_cli
pages = []
for path in sys.argv[2:]:
    document = vpype.read_multilayer_svg(path, 0.1, crop=False)
    if sys.argv[1] == "sort":
        document = vpype_cli.execute("linesort --two-opt", document)
    pages.append({
        str(number): [[[z.real, z.imag] for z in line.tolist()] for line in layer]
        for number, layer in document.layers.items()
    })
print(json.dumps(pages))
"""
"""Reads pages, and sorts them if it is told so; prints the lines of each layer."""
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def vpype() -> str:
    """Return a Python that has vpype, or skip where there is none."""
    if find_spec("vpype") is not None:
        return sys.executable
    if "LIMNER_VPYPE" not in os.environ:
        pytest.skip("vpype is not installed, and LIMNER_VPYPE does not name a Python that has it")
    return os.environ["LIMNER_VPYPE"]


def drawings(data_dir: Path, each: int) -> list[Drawing]:
    files = sorted((data_dir / "quickdraw" / "raw").glob("*.ndjson"))
    rows: list[str] = []
    for path in files:
        with path.open(encoding="utf-8") as file:
            rows += islice(file, each)
    found = [Drawing.from_quickdraw(json.loads(row)["drawing"]) for row in rows]
    return [d.replace(strokes=tuple(s for s in d if np.ptp(s, axis=0).max() > 2)) for d in found]


def read_by(vpype: str, way: str, paths: list[Path]) -> list[dict[int, list[np.ndarray]]]:
    """Return the lines of each layer of each page in millimetres, as vpype reads or sorts them."""
    done = subprocess.run(
        [vpype, "-c", SCRIPT, way, *map(str, paths)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    pages = json.loads(done.stdout.splitlines()[-1])
    return [{int(k): [np.array(line) * PX for line in lines] for k, lines in page.items()} for page in pages]


def test_sizes_layers_and_bounds_of_sixty_pages(vpype: str, data_dir: Path, tmp_path: Path) -> None:
    some = drawings(data_dir, 1)
    table = list(product(["A6", "A5", "A4", "A3", "A2", "letter", "legal", "tabloid", "120x80mm", "9x12in"],
                         [False, True], [1, 3, 8]))  # fmt: skip
    plans, paths = [], []
    for k, (paper, landscape, n_pens) in enumerate(table):
        chosen = some[k % 20 : k % 20 + 4]
        pen_of = [[i % n_pens for i in range(len(d))] for d in chosen]
        page = PlotPage(paper, landscape, margin_mm=10)
        plan = plan_page(chosen, page=page, pens=PENS, pen_of=pen_of)
        (tmp_path / f"{k}.svg").write_text(plan_to_svg(plan), encoding="utf-8")
        plans.append(plan)
        paths.append(tmp_path / f"{k}.svg")
    assert len(plans) == 60
    for read, plan in zip(read_by(vpype, "read", paths), plans, strict=True):
        counts = {layer.number: len(layer.strokes) for layer in plan.layers}
        assert {number: len(lines) for number, lines in read.items()} == counts
        for layer in plan.layers:
            points, found = np.concatenate(layer.strokes), np.concatenate(read[layer.number])
            for side in (np.min, np.max):
                np.testing.assert_allclose(side(found, axis=0), side(points, axis=0), atol=0.01)


def test_travel_is_no_longer_than_that_of_linesort(vpype: str, data_dir: Path, tmp_path: Path) -> None:
    """On twenty pages, from the corner where a plotter begins: every one within 1.05 times."""
    some, rng = drawings(data_dir, 3), np.random.default_rng(0)
    pages = [[some[k]] for k in np.argsort([-len(d) for d in some])[:10]]
    pages += [[some[k] for k in rng.permutation(len(some))[:n]] for n in (4, 6, 8, 9, 10, 12, 14, 16, 20, 25)]
    ours, paths = [], []
    for k, page in enumerate(pages):
        plain = plan_page(page, page=PlotPage(merge_mm=0, reorder=False))
        (tmp_path / f"{k}.svg").write_text(plan_to_svg(plain), encoding="utf-8")
        ours.append(way_of(plan_page(page, page=PlotPage(merge_mm=0)).layers[0].strokes, np.zeros(2)))
        paths.append(tmp_path / f"{k}.svg")
    for k, (way, sorted_page) in enumerate(zip(ours, read_by(vpype, "sort", paths), strict=True)):
        theirs = way_of(sorted_page[1], np.zeros(2))
        assert theirs.lifts == way.lifts
        assert way.travel_mm <= 1.05 * theirs.travel_mm, k
