"""Fixes of an uploaded picture, kept beside it while it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from limner.scan.fix_entries import entry_of
from limner.scan.fixes_file import PictureFixes, fixes_of, fixes_path, write_fixes
from limner.studio.scan.schemas import FixList
from limner.studio.scan.upload_store import Upload

FIXES_FILE = "The file of fixes"
"""Begins the sentence about one that cannot be used."""


def keep_fixes(upload: Upload, table: Mapping[str, Any]) -> FixList:
    """Write the fixes of a picture beside it, and return them as they are applied.

    Raises
    ------
    DataError
        If a fix is not as it should be.
    """
    fixes = fixes_of(table, where=FIXES_FILE)
    write_fixes(fixes_path(upload.path), fixes, upload.name)
    return fix_list(fixes)


def fix_list(fixes: PictureFixes) -> FixList:
    """Return fixes as they travel."""
    entries = [entry_of(fix, page) for page, one in sorted(fixes.pages.items()) for fix in one.fixes]
    return FixList(fix=entries, size=fixes.size)
