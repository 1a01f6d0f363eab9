"""Many pictures at once: one SVG each, a report, and contact sheets, over several processes."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limner import __version__
from limner.errors import DataError, LimnerError
from limner.files import write_bytes, write_text
from limner.render.png import png_bytes
from limner.scan.contact import PAIRS, STYLE, pair, sheet
from limner.scan.files import find_pictures, free_name
from limner.scan.picture import read_pages
from limner.scan.scan import scan_grey
from limner.scan.settings import DEFAULT_SETTINGS, ScanSettings
from limner.settings import to_dict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future

    from PIL import Image

    from limner.progress import Progress
    from limner.render.style import Style

REPORT_NAME = "report.json"
SHEET_NAME = "contact.png"
FEW = 4
"""So few pictures are read in this process: starting others would take longer."""


@dataclass(frozen=True)
class Page:
    """A page that was read."""

    svg: str
    figures: dict[str, Any]
    image: Image.Image
    """The page beside its strokes."""


@dataclass
class Batch:
    """What became of many pictures."""

    pages: list[dict[str, Any]] = field(default_factory=list)
    """For each page ``file``, ``svg`` and its figures."""
    failures: dict[str, str] = field(default_factory=dict)
    """For each file that could not be read: a sentence."""


def scan_files(
    names: Sequence[str | Path],
    out: str | Path,
    settings: ScanSettings = DEFAULT_SETTINGS,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
    style: Style = STYLE,
) -> Batch:
    """Read pictures and write what is found into a folder.

    Parameters
    ----------
    names : sequence of str or Path
        See :func:`limner.scan.files.find_pictures`.
    out : path
        For ``page.png`` it gets ``page.svg``, further pages of a TIFF and further pictures of the same name
        ``page-2.svg`` and so on; and ``report.json`` and ``contact.png``. Nothing is written if no picture
        can be read.
    settings : ScanSettings
    jobs : int, optional
        Processes; as many as there are cores unless given.
    progress : callable, optional
        Is told how many files are done, of how many.
    style : Style
        Of the contact sheets.

    Raises
    ------
    DataError
        If a folder or a pattern stands for nothing.
    LimnerError
        If the folder cannot be written.
    """
    folder = Path(out)
    if folder.exists() and not folder.is_dir():
        raise LimnerError(f"{folder} is a file; give the name of a folder to write into.")
    files = find_pictures(names)
    batch, taken = Batch(), set[str]()
    images: list[tuple[str, Image.Image]] = []
    for done, (file, found) in enumerate(
        zip(files, _read_all(files, settings, jobs, style), strict=True), start=1
    ):
        if isinstance(found, str):
            batch.failures[str(file)] = found
        else:
            for page in found:
                name = f"{free_name(file.stem, taken)}.svg"
                write_text(folder / name, page.svg)
                batch.pages.append({"file": str(file), "svg": name, **page.figures})
                images.append((f"{name}, strokes: {page.figures['strokes']}", page.image))
        if progress:
            progress(done, len(files))
    if batch.pages:
        _write_sheets(folder, images, style)
        _write_report(folder, batch, settings)
    return batch


def read_file(file: Path, settings: ScanSettings, style: Style = STYLE) -> list[Page] | str:
    """Read all pages of a file, or give the sentence that says why not."""
    try:
        pages = []
        for number, grey in enumerate(read_pages(file), start=1):
            name = file.name if number == 1 else f"Page {number} of {file.name}"
            result = scan_grey(grey, settings, name=name)
            pages.append(Page(result.to_svg(), result.figures(), pair(grey, result, style)))
    except DataError as error:
        return str(error)
    return pages


def _read_all(
    files: Sequence[Path], settings: ScanSettings, jobs: int | None, style: Style
) -> Iterator[list[Page] | str]:
    """Give what became of each file, in order."""
    workers = min(jobs or len(os.sched_getaffinity(0)), len(files))
    if workers < 2 or (jobs is None and len(files) <= FEW):
        yield from (read_file(file, settings, style) for file in files)
        return
    fresh = multiprocessing.get_context("spawn")  # a copy of this process might hold locks of its threads
    pool = ProcessPoolExecutor(workers, mp_context=fresh, initializer=_leave_interrupts)
    try:
        running = deque((file, pool.submit(read_file, file, settings, style)) for file in files)
        while running:
            yield _outcome(*running.popleft())
    finally:
        pool.shutdown(cancel_futures=True)


def _outcome(file: Path, future: Future[list[Page] | str]) -> list[Page] | str:
    try:
        return future.result()
    except BrokenProcessPool:
        return f"{file.name} could not be read: the process that read it was ended; is there memory enough?"


def _leave_interrupts() -> None:
    """Let Ctrl-C be for the process that the person sees."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _write_report(folder: Path, batch: Batch, settings: ScanSettings) -> None:
    report = {
        "limner": __version__,
        "settings": to_dict(settings),
        "pages": batch.pages,
        "failures": batch.failures,
    }
    write_text(folder / REPORT_NAME, json.dumps(report, indent=1, ensure_ascii=False) + "\n")


def _write_sheets(folder: Path, images: Sequence[tuple[str, Image.Image]], style: Style) -> None:
    for number, start in enumerate(range(0, len(images), PAIRS), start=1):
        name = SHEET_NAME if number == 1 else f"{Path(SHEET_NAME).stem}-{number}.png"
        write_bytes(folder / name, png_bytes(sheet(images[start : start + PAIRS], style)))
