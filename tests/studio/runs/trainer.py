"""Runs on disk, and a stand-in for ``limner train`` that takes no time."""

from __future__ import annotations

import stat
import time
from collections.abc import Callable
from pathlib import Path

from tests.studio.scan.pictures import doodle_page

SHEET = doodle_page(seed=2, side=120, pen_px=1.5)
STATUS = """#!/bin/sh
run=$7
status() {
  now=$(date +%s.%N)
  echo "{\\"state\\": \\"$1\\", \\"sentence\\": \\"$2\\", \\"updated\\": $now}" > "$run/status.json"
}
"""
"""Begin of a program that is called as: trainer -P -m limner train CORPUS --out RUN ..."""
TRAINER = (
    STATUS
    + """
echo "$@" > "$run.called"
trap 'status interrupted "Step 5."; echo "Interrupted. Go on with: limner train"; exit 130' INT
status running
echo "Training 0/9"
i=0
while [ $i -lt 4000 ]; do sleep 0.05; i=$((i + 1)); done
"""
)
FAILING = STATUS + 'status failed "no.npz does not exist."\necho "limner: anything else" >&2\nexit 1\n'
ENDING = STATUS + 'status finished "Step 9; the best was step 9."\necho "Step 9"\n'
KILLED = STATUS + 'status running\necho "limner: a warning"\n'


def script(folder: Path, text: str = TRAINER) -> str:
    """Write a program."""
    path = folder / "trainer"
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def make_run(folder: Path, steps: int = 20, most: int = 40, corpus: str = "birds.npz") -> Path:
    """Make a run as a training leaves it."""
    (folder / "samples").mkdir(parents=True)
    rows = "".join(f"{step},{1 / step:.6g},\n" for step in range(1, steps + 1))
    (folder / "metrics.csv").write_text(f"step,train_cost,valid_cost\n{rows}")
    (folder / "config.toml").write_text(
        f'corpus = ["/somewhere/{corpus}"]\nmax_steps = {most}\nseed = 3\n'
        '[model]\nkind = "sketch_rnn"\nconditional = true\n[train]\nlearning_rate = 0.001\n'
    )
    for step in range(10, min(steps, 200) + 1, 10):
        (folder / f"samples/step-{step:07d}.png").write_bytes(SHEET)
    return folder


def wait_for(what: Callable[[], bool], seconds: float = 300.0) -> None:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.02)
