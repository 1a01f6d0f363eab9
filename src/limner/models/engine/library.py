"""The compiled kernels: built on first use where there is a C++ compiler, kept for the next time.

Without a compiler everything works, in a loop over steps. ``LIMNER_ENGINE=off`` in the environment asks for
that, too; ``CXX`` names a compiler.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
from functools import cache
from pathlib import Path

from platformdirs import user_cache_path

from limner.files import whole_file

_HERE = Path(__file__).parent
_FLAGS = (
    "-O3", "-march=native", "-std=c++17", "-ffp-contract=fast", "-fno-math-errno", "-fno-trapping-math",
    "-shared", "-fPIC",
)  # fmt: skip
_COMPILERS = ("g++", "clang++", "c++")
_PATIENCE_S = 120
"""Seconds after which the compiler is given up."""


@cache
def library() -> ctypes.CDLL | None:
    """Return the compiled kernels, or None where there are none."""
    compiler = _compiler()
    if os.environ.get("LIMNER_ENGINE") == "off" or compiler is None:
        return None
    try:
        path = user_cache_path("limner") / f"engine-{_fingerprint(compiler)}.so"
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            _compile(compiler, path)
        return ctypes.CDLL(str(path))
    except (OSError, subprocess.SubprocessError):  # no place to write, a compiler that cannot, ...
        return None


def _compiler() -> str | None:
    named = os.environ.get("CXX")
    found = map(shutil.which, [named] if named else _COMPILERS)
    return next((path for path in found if path is not None), None)


def _fingerprint(compiler: str) -> str:
    """Return a hash of sources, compiler and processor, whose instructions the kernels use."""
    parts = [path.read_bytes() for path in _sources("*.h", "*.cpp")]
    facts = [compiler, *_FLAGS, platform.machine(), _processor()]
    return hashlib.sha256(b"\0".join([*parts, *(fact.encode() for fact in facts)])).hexdigest()[:16]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line for line in lines if line.startswith(("flags", "Features"))), "")


def _sources(*patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in _HERE.glob(pattern))


def _compile(compiler: str, path: Path) -> None:
    with whole_file(path) as draft:
        command = [compiler, *_FLAGS, "-o", str(draft), *map(str, _sources("*.cpp"))]
        subprocess.run(command, check=True, capture_output=True, timeout=_PATIENCE_S)  # noqa: S603
