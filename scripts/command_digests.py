"""Run forty commands with fixed seeds and print a digest of every byte that they write.

    python scripts/command_digests.py WORK > before.json
    python scripts/command_digests.py WORK > after.json
    diff before.json after.json

For changes that must change nothing. The commands run one after the other in the empty folder ``WORK``, with
the limner that is imported; each is given the outputs of those before it. A digest is the SHA-256 of a file,
or of what was printed; what differs from run to run (durations, dates, temporary paths) is left out.
``LIMNER_DATA`` names a folder with the datasets that the commands read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

COMMANDS = """
data list
data info doodles --json
data info {data}/stroke3/aaron_sheep.npz --json
build doodles --out toys.npz --seed 1
build {data}/stroke3/aaron_sheep.npz --out sheep.parquet --recipe sheep.toml
build {data}/quickdraw/simplified/cat.ndjson --out quickdraw.parquet --recipe quickdraw --seed 2
build doodles --out shards --seed 1
build toys.npz --out toys.ndjson
data info quickdraw.parquet --json
data tokens toys.npz --out words.safetensors --sizes 40
scan {data}/scans/sketchbook --out scans
build scans --out scanned.npz
curate embed toys.npz --out features.parquet
curate cluster toys.npz -k 3 --out clusters --seed 3
curate neighbours toys.npz --of toys.npz#3 -k 4 --json
curate filter toys.npz --near toys.npz#3 --distance 5 --out near.npz
curate map toys.npz --out map --seed 1
train toys.npz --out vae --max-steps 4 --seed 1 {small}
train toys.npz --out vae --max-steps 6 --resume
train toys.npz --out alone --max-steps 4 --seed 2 --model.conditional False --model.decoder.cell hyper {small}
train toys.npz --out attention --max-steps 3 --preset transformer {short}
train toys.npz --out former --max-steps 3 --preset sketchformer {short}
evaluate vae --json
evaluate doodles --data quickdraw.parquet --json
sample doodles -n 9 --seed 4 --out samples.svg
sample doodles -n 4 --seed 4 --out samples.png
sample alone -n 3 --seed 1 --out alone.gif
sample doodles -n 40 --seed 4 --temperature 1 --out drawn.parquet --jobs 1
sample attention -n 3 --seed 1 --out attention.npz
sample former -n 3 --seed 1 --greedy --out former.svg
reconstruct doodles toys.npz#1 toys.npz#2 --seed 1 --out again.svg
complete doodles toys.npz#5 -n 4 --seed 2 --out complete.svg
interpolate doodles toys.npz#1 toys.npz#2 --out morph.svg
animate toys.npz#1 --out drawing.gif
animate toys.npz#1 --out drawing.svg
import {data}/sketch-rnn-js/cat.gen.json --out cat.safetensors
sample cat.safetensors -n 2 --seed 3 --out cat.svg
export cat.safetensors --to sketch-rnn-js --out cat.json
export doodles --to web --out web
report vae alone --out report.html
"""
SMALL = "--model.encoder.size 16 --model.decoder.size 24 --model.latent-size 8"
SHORT = "--train.batch-size 8 --train.validate-every 2 --train.validate-drawings 20 --train.threads 1"
CHANGING = re.compile(r"\d+(\.\d+)? (s|min|h)\b|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d|/tmp/\S+")
LEFT_OUT = ("events.out.tfevents", ".lock")
RUNNER = [sys.executable, "-c", "from limner.cli.main import main; import sys; sys.exit(main())"]


def run(line: str, folder: Path) -> dict[str, str]:
    """Run one command in ``folder`` and return the digests of its code, what it printed and wrote."""
    before = digests(folder)
    done = subprocess.run([*RUNNER, *shlex.split(line)], cwd=folder, capture_output=True, check=False)  # noqa: S603
    printed = CHANGING.sub("", done.stdout.decode(errors="replace"))
    changed = {name: digest for name, digest in digests(folder).items() if before.get(name) != digest}
    errors = done.stderr.decode(errors="replace").strip().splitlines() if done.returncode else []
    end = {"error": errors[-1]} if errors else {}
    return {"code": str(done.returncode), "stdout": digest_of(printed.encode()), **changed, **end}


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of each file below ``folder``, by its path."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        path.relative_to(folder).as_posix(): digest_of(path.read_bytes())
        for path in files
        if not any(part in path.name for part in LEFT_OUT)
    }


def digest_of(data: bytes) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of ``data``."""
    return hashlib.sha256(data).hexdigest()[:16]


def main() -> None:
    """Run all commands and print their digests."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("work", type=Path, help="an empty or new folder")
    folder = parser.parse_args().work
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        parser.error(f"{folder} is not empty")
    (folder / "sheep.toml").write_text('[[step]]\nstep = "simplify"\nepsilon = 2.0\n')
    names = {"data": os.environ["LIMNER_DATA"], "small": f"{SMALL} {SHORT}", "short": SHORT}
    lines = [line.format(**names) for line in COMMANDS.strip().splitlines()]
    shown = COMMANDS.strip().splitlines()
    found = {name: run(line, folder) for name, line in zip(shown, lines, strict=True)}
    print(json.dumps(found, indent=1))  # noqa: T201


if __name__ == "__main__":
    main()
