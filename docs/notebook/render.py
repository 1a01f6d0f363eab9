"""Render ``journey.py``, a script with ``# %%`` marks, to ``journey.ipynb`` without outputs.

python docs/notebook/render.py
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("journey.py")
NOTEBOOK = SCRIPT.with_suffix(".ipynb")
MARK = re.compile(r"^# %%(.*)\n", re.MULTILINE)
MARKDOWN = "[markdown]"


def cells(script: str) -> list[dict[str, Any]]:
    """Cut a script at its marks; the same cells have the same ids every time."""
    parts = MARK.split(script)[1:]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return [_cell(number, kind.strip(), text.strip("\n")) for number, (kind, text) in enumerate(pairs)]


def notebook(script: str) -> str:
    """Give the notebook as JSON."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    document = {
        "cells": cells(script),
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _cell(number: int, kind: str, text: str) -> dict[str, Any]:
    shared = {"id": f"cell-{number:02d}", "metadata": {}}
    if kind == MARKDOWN:
        return {
            "cell_type": "markdown",
            **shared,
            "source": _lines(re.sub(r"^# ?", "", text, flags=re.MULTILINE)),
        }
    return {"cell_type": "code", "execution_count": None, **shared, "outputs": [], "source": _lines(text)}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


if __name__ == "__main__":
    NOTEBOOK.write_text(notebook(SCRIPT.read_text(encoding="utf-8")), encoding="utf-8")
