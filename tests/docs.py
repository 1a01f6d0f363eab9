"""The code in pages of the documentation, for tests that execute it."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def python_blocks(page: str) -> list[str]:
    """Return the fenced python blocks of a page, such as ``docs/adding/cell.md``."""
    return _BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))
