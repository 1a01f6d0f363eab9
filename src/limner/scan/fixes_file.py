"""``page.fixes.toml``: the fixes of a picture's pages, beside the picture.

```toml
picture = "page.png"
size = [1200, 900]

[[fix]]
kind = "flip"
at = [231.4, 88.2]
lines = [[219.0, 80.1], [243.5, 96.0], [220.2, 97.4], [244.1, 79.8]]
pairs = [[0, 2], [1, 3]]
```

A fix of a later page of a TIFF says ``page = 2``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from limner.errors import DataError, short
from limner.files import write_text
from limner.scan.fix_entries import entry_of, fix_of
from limner.scan.fixes import NO_FIXES, PageFixes, scaled_fix

if TYPE_CHECKING:
    from pathlib import Path

    from limner.scan.fixes import Fix
    from limner.scan.settings import ScanSettings

SUFFIX = ".fixes.toml"
SAME_SIZE = 0.01
"""A picture whose width differs by less than this share is as large as the one that was fixed."""


@dataclass(frozen=True)
class PictureFixes:
    """The fixes of a picture's pages.

    Parameters
    ----------
    pages : mapping of int to PageFixes
        By number, from 1.
    size : (width, height), optional
        Of the picture when it was fixed; fixes of a picture that was scanned anew at another size still hold.
    """

    pages: Mapping[int, PageFixes]
    size: tuple[int, int] | None = None

    def of_page(self, number: int, size: tuple[int, int]) -> PageFixes:
        """Return the fixes of a page, by its number and its width and height in pixels."""
        page = self.pages.get(number, NO_FIXES)
        width, height = size
        if self.size is None or abs(width / self.size[0] - 1) < SAME_SIZE:
            return page
        sx, sy = width / self.size[0], height / self.size[1]
        return PageFixes(tuple(scaled_fix(fix, lambda p: (p[0] * sx, p[1] * sy)) for fix in page.fixes))


NOTHING_FIXED = PictureFixes({})


def fixes_path(picture: Path) -> Path:
    """Return where the fixes of a picture lie: ``page.fixes.toml`` beside ``page.png``."""
    return picture.with_name(picture.stem + SUFFIX)


def fixes_beside(picture: Path) -> PictureFixes:
    """Return the fixes beside a picture, none if there is no such file; see :func:`read_fixes`."""
    path = fixes_path(picture)
    return read_fixes(path) if path.is_file() else NOTHING_FIXED


def fixes_for(picture: Path, settings: ScanSettings) -> PictureFixes:
    """Return the fixes beside a picture if the settings want them applied; see :func:`read_fixes`."""
    return fixes_beside(picture) if settings.fixes == "apply" else NOTHING_FIXED


def read_fixes(path: Path) -> PictureFixes:
    """Read a file of fixes.

    Raises
    ------
    DataError
        If it cannot be read, or a fix is not as it should be.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is no text in UTF-8.") from error
    return fixes_of(table_of(text, where=str(path)), where=str(path))


def table_of(text: str, *, where: str) -> dict[str, Any]:
    """Return what a text in TOML holds.

    Raises
    ------
    DataError
        If it is none; the sentence begins with ``where``.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{where} is no TOML: {short(str(error))}.") from error


def fixes_of(values: Mapping[str, Any], *, where: str) -> PictureFixes:
    """Return the fixes that a table, as TOML or JSON hold it, describes.

    Raises
    ------
    DataError
        If a fix is not as it should be; the sentence begins with ``where``.
    """
    entries, size = values.get("fix", []), values.get("size")
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        raise DataError(f"{where}: fix must be a list of tables, [[fix]].")
    pages: dict[int, list[Fix]] = {}
    for number, entry in enumerate(entries, start=1):
        try:
            page, fix = fix_of(entry)
        except (KeyError, TypeError, ValueError) as error:
            reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            raise DataError(f"{where}: fix {number} cannot be used: {short(reason)}.") from error
        pages.setdefault(page, []).append(fix)
    found = {page: PageFixes(tuple(fixes)) for page, fixes in pages.items()}
    return PictureFixes(found, _size(size, where) if size is not None else None)


def fixes_text(fixes: PictureFixes, picture: str) -> str:
    """Return the text of a file of fixes."""
    head = ["# What was changed by hand about the strokes of this picture; limner scan applies it again."]
    head.append(f"picture = {_toml(picture)}")
    if fixes.size:
        head.append(f"size = {_toml(fixes.size)}")
    tables = [entry_of(fix, page) for page, one in sorted(fixes.pages.items()) for fix in one.fixes]
    bodies = [
        "\n".join(["[[fix]]", *(f"{name} = {_toml(value)}" for name, value in t.items())]) for t in tables
    ]
    return "\n\n".join(["\n".join(head), *bodies]) + "\n"


def write_fixes(path: Path, fixes: PictureFixes, picture: str) -> None:
    """Write a file of fixes, whole or not at all."""
    write_text(path, fixes_text(fixes, picture))


def _toml(value: object) -> str:
    """Return a value on one line, which is easier to read and to change than a number a line."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str):
        return '"' + "".join(_escaped(sign) for sign in value) + '"'
    return repr(value)


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    return sign if sign.isprintable() else f"\\U{ord(sign):08x}"


def _size(value: Any, where: str) -> tuple[int, int]:
    good = (
        isinstance(value, Sequence) and len(value) == 2 and all(isinstance(n, int) and n > 0 for n in value)
    )
    if not good:
        raise DataError(
            f"{where}: size must be the width and height of the picture, not {short(str(value))}."
        )
    return (value[0], value[1])
