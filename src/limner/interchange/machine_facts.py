"""What a machine has that limner uses: versions, processor, engine, data, caches, optional parts."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from limner._version import __version__
from limner.corpus.download import default_cache
from limner.files import text_of_name
from limner.models.published import fetched_folder
from limner.models.weights import shipped_names

MIB = 1 << 20
PACKAGES = ("torch", "numpy", "pytorch-lightning", "scikit-image", "pyarrow")
EXTRAS = {
    "onnx": (("onnx", "onnxruntime", "onnxscript"), "limner export --to onnx"),
    "hub": (("huggingface_hub",), "hf:// addresses, and limner.interchange.hub"),
    "cluster": (("ray",), "limner build --engine ray"),
    "video": (("imageio_ffmpeg",), "limner animate --out x.mp4"),
}
"""Modules of each extra, and what needs it."""


def machine_facts() -> dict[str, Any]:
    """Return all facts by topic, as JSON holds them, and ``advice``: sentences on what is missing."""
    facts: dict[str, Any] = {
        "versions": _versions(),
        "machine": _machine(),
        "compute": _compute(),
        "data": _data(),
        "caches": _caches(),
        "extras": _extras(),
    }
    return facts | {"advice": _advice(facts)}


def _versions() -> dict[str, str]:
    return {"limner": __version__, "python": platform.python_version()} | {
        name: found for name in PACKAGES if (found := _version(name))
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _machine() -> dict[str, Any]:
    return {
        "system": f"{platform.system()} {platform.release()}",
        "architecture": platform.machine(),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_mb": _memory_mb(),
        "malloc": _malloc(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())


def _memory_mb() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MIB
    except (ValueError, OSError, AttributeError):
        return None


def _malloc() -> str:
    """Return the allocator; of glibc's a training keeps large blocks, which is faster."""
    if preloaded := os.environ.get("LD_PRELOAD"):
        return f"preloaded: {preloaded}"
    name, release = platform.libc_ver()
    return f"{name} {release}".strip() or sys.platform


def _compute() -> dict[str, Any]:
    import torch

    from limner.models.engine.library import library

    return {
        "threads": torch.get_num_threads(),
        "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
        "metal": torch.backends.mps.is_available(),
        "compiler": next(
            filter(None, map(shutil.which, (os.environ.get("CXX", "g++"), "clang++", "c++"))), None
        ),
        "engine": library() is not None,
    }


def _data() -> dict[str, Any]:
    place = os.environ.get("LIMNER_DATA")
    there = place is not None and Path(place).is_dir()
    return {
        "LIMNER_DATA": None
        if place is None
        else f"{text_of_name(place)}{'' if there else ' (no such folder)'}",
        "models": ", ".join(shipped_names()) or None,
    }


def _caches() -> dict[str, dict[str, Any]]:
    """Return the folder of each cache, and its size in MB."""
    cache = default_cache().parent
    folders = {
        "data": default_cache(),
        "models": fetched_folder(),
        "corpora": cache / "corpora",
        "all": cache,
    }
    return {name: {"folder": str(path), "mb": round(_size(path) / MIB, 1)} for name, path in folders.items()}


def _size(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(place, name)).st_size  # noqa: PTH118 (names of any bytes)
            except OSError:  # removed meanwhile
                continue
    return total


def _extras() -> dict[str, dict[str, Any]]:
    return {
        name: {"there": all(find_spec(module) is not None for module in modules), "for": purpose}
        for name, (modules, purpose) in EXTRAS.items()
    }


def _advice(facts: dict[str, Any]) -> list[str]:
    said = [
        f"{one['for']} needs  pip install 'limner[{name}]'"
        for name, one in facts["extras"].items()
        if not one["there"]
    ]
    if not facts["compute"]["engine"]:
        said.append(
            "Trainings on a CPU are two to three times slower without the compiled kernels: install a C++ "
            "compiler, such as g++."
        )
    if facts["data"]["models"] is None:
        said.append("No model came with this installation; install limner again.")
    if str(facts["data"]["LIMNER_DATA"]).endswith("(no such folder)"):
        said.append("LIMNER_DATA names no folder; set it to one that holds corpora, or unset it.")
    return said
