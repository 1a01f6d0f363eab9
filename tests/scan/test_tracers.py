"""The table of tracers, and a tracer of another package."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.docs import python_blocks
from tests.plugins import installed
from tests.scan.conftest import Inked

from limner.errors import LimnerError
from limner.registry import Registry
from limner.scan import batch, stages, tracers
from limner.scan.batch import scan_files
from limner.scan.scan import scan, scan_grey
from limner.scan.settings import DEFAULT_TRACER, ScanSettings
from limner.scan.tracers import TRACERS, TracedStrokes, TracerInput, trace_ink

LINE = [[20, 60], [140, 60]]
(EXAMPLE,) = python_blocks("docs/adding/tracer.md")


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a package that adds the tracer of the page, and a module as if it were one."""
    (tmp_path / "tracer_of_others.py").write_text(EXAMPLE)
    entries = {"outline": "tracer_of_others:OutlineTracer", "number": "tracer_of_others:np"}
    installed(tmp_path, monkeypatch, "limner.tracers", **entries)
    table = Registry("limner.tracers", "tracer", dict(TRACERS.built_in()), tracers._is_tracer)
    for module in (stages, batch):
        monkeypatch.setattr(module, "TRACERS", table)


def test_every_tracer_reads_a_line(inked: Inked) -> None:
    mask = inked(LINE) < 127.5
    for name, tracer in TRACERS.built_in():
        traced = trace_ink(tracer(TracerInput(mask, mask.astype(np.float32))), name, single_line=True)
        (stroke,) = traced.strokes
        assert np.abs(np.sort(stroke[[0, -1], 0]) - [20, 140]).max() < 3
        assert np.abs(stroke[:, 1] - 60).max() < 1
        assert 1 <= traced.pen_px <= 4


def test_the_default_is_built_in() -> None:
    assert next(iter(TRACERS)) == DEFAULT_TRACER == ScanSettings().tracer


@pytest.mark.usefixtures("stranger")
def test_the_page_adds_a_tracer(inked: Inked, tmp_path: Path) -> None:
    grey = inked(LINE)
    (outline,) = scan_grey(grey, ScanSettings(tracer="outline"), name="x").drawing
    assert np.hypot(*(outline[0] - outline[-1])) < 1
    assert outline[:, 1].min() == pytest.approx(58.5, abs=0.6)
    assert outline[:, 1].max() == pytest.approx(61.5, abs=0.6)
    Image.fromarray(grey.astype(np.uint8)).save(tmp_path / "x.png")
    scan_files([tmp_path / "x.png"], tmp_path / "out", ScanSettings(tracer="outline"))
    assert json.loads((tmp_path / "out" / "report.json").read_text())["settings"]["tracer"] == "outline"


@pytest.mark.usefixtures("stranger")
def test_what_is_no_tracer_is_refused(inked: Inked) -> None:
    with pytest.raises(LimnerError, match=r"^stranger adds .* is no tracer"):
        scan_grey(inked(LINE), ScanSettings(tracer="number"), name="x")


def test_unknown_tracers_are_refused_before_a_picture_is_read(tmp_path: Path, inked: Inked) -> None:
    with pytest.raises(LimnerError, match="there is no tracer 'skeletn'; did you mean 'skeleton'"):
        scan_files([tmp_path / "none.png"], tmp_path / "out", ScanSettings(tracer="skeletn"))
    with pytest.raises(LimnerError, match="there is no tracer"):
        scan(inked(LINE), ScanSettings(tracer="x"))


@pytest.mark.parametrize("stroke", [np.zeros((0, 2)), np.zeros(3), np.full((2, 2), np.nan)])
def test_strokes_are_checked(stroke: np.ndarray) -> None:
    class Broken:
        def __init__(self, ink: TracerInput) -> None:
            self.ink = ink

        def trace(self, *, single_line: bool) -> TracedStrokes:
            return TracedStrokes([stroke], 2.0, filled_areas=int(single_line))

    broken = Broken(TracerInput(np.ones((2, 2), bool), np.ones((2, 2), np.float32)))
    with pytest.raises(LimnerError, match="the tracer broken returned a stroke"):
        trace_ink(broken, "broken", single_line=False)
