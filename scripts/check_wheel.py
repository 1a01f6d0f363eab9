"""Check the packages in a folder: what must be inside, what must not, and how large they are.

python scripts/check_wheel.py dist
"""

from __future__ import annotations

import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

LARGEST = 20e6
"""Bytes of a package, at most."""
INSIDE = (
    "limner/__init__.py",
    "limner/py.typed",
    "limner/models/engine/lstm.cpp",
    "limner/models/engine/gemm.h",
    "limner/models/shipped/doodles.safetensors",
    "limner/models/shipped/sketches.safetensors",
    "limner/models/published_decoders.txt",
    "limner/interchange/web/index.html",
    "limner/interchange/web/limner.js",
    "limner/studio/static/index.html",
    "limner/render/templates/base.html",
    "limner/corpus/quickdraw_classes.txt",
)
"""What running needs, besides Python's modules."""
KEPT = "tests/released/"
"""Holds small files of every kind, to be read by every later version."""
NEVER = ("__pycache__", ".pyc", ".ipynb_checkpoints", ".parquet", ".gen.json")


def names_in(package: Path) -> list[str]:
    """Return the names of all files of a wheel or sdist, from ``limner/`` on."""
    if package.suffix == ".whl":
        with zipfile.ZipFile(package) as file:
            return file.namelist()
    with tarfile.open(package) as archive:
        return [name.partition("/")[2].removeprefix("src/") for name in archive.getnames()]


def faults(package: Path) -> Iterator[str]:
    """Yield what is wrong with a package, as sentences."""
    names = set(names_in(package))
    yield from (f"{package.name} lacks {name}." for name in INSIDE if name not in names)
    for name in sorted(names):
        if any(part in name for part in NEVER) and not name.startswith(KEPT):
            yield f"{package.name} holds {name}."
    if (size := package.stat().st_size) > LARGEST:
        yield f"{package.name} has {size:,} bytes, more than {LARGEST:,.0f}."


def main() -> int:
    """Check all packages of the folder; return 1 if one is wrong or there is none."""
    packages = [
        path for path in sorted(Path(sys.argv[1]).iterdir()) if path.name.endswith((".whl", ".tar.gz"))
    ]
    found = [fault for package in packages for fault in faults(package)]
    for package in packages:
        print(f"{package.name}: {len(names_in(package))} files, {package.stat().st_size:,} bytes")  # noqa: T201
    print("\n".join(found) or "all is inside")  # noqa: T201
    return int(bool(found) or not packages)


if __name__ == "__main__":
    sys.exit(main())
