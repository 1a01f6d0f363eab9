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

from limner._version import __version__
from limner.errors import DataError, LimnerError
from limner.files import write_bytes, write_text
from limner.render.png import png_bytes
from limner.scan.contact_sheet import PAIRS, STYLE, caption, contact_sheet, side_by_side
from limner.scan.files import find_pictures, free_name
from limner.scan.fixes_file import fixes_for
from limner.scan.picture import read_pages, size_of
from limner.scan.scan import scan_grey
from limner.scan.settings import DEFAULT_SETTINGS, ScanSettings
from limner.scan.tracers import TRACERS
from limner.settings import to_dict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future

    from PIL import Image

    from limner.progress import Progress
    from limner.render.style import Style
    from limner.scan.result import ScanResult

REPORT_NAME = "report.json"
SHEET_NAME = "contact.png"
FEW = 4
"""Up to this many pictures are read in this process: starting others would take longer."""


@dataclass(frozen=True)
class ScannedPage:
    """A page that was read."""

    result: ScanResult
    image: Image.Image
    """The page beside its strokes."""


@dataclass
class ScanBatch:
    """What was read from many pictures."""

    pages: list[dict[str, Any]] = field(default_factory=list)
    """For each page ``file``, ``svg`` and its :meth:`limner.scan.result.ScanResult.report_entry`."""
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
    variable_width: bool = False,
) -> ScanBatch:
    """Read pictures and write their drawings into a folder.

    Parameters
    ----------
    names : sequence of str or Path
        See :func:`limner.scan.files.find_pictures`.
    out : path
        For ``page.png`` it gets ``page.svg``, for more pages or pictures of that name ``page-2.svg``, ...;
        and ``report.json`` and ``contact.png``. Nothing is written if no picture can be read.
    settings : ScanSettings
    jobs : int, optional
        Processes; as many as there are cores unless given.
    progress : callable, optional
        Called with the number of files that are done, and of all files.
    style : Style
        Of the contact sheets.
    variable_width : bool
        See :meth:`limner.scan.result.ScanResult.to_svg`.

    Raises
    ------
    DataError
        If a folder or a pattern matches nothing.
    LimnerError
        If the folder cannot be written, or there is no such tracer.
    """
    writer = _Writer(Path(out), settings, style, variable_width)
    TRACERS[settings.tracer]  # a name that is unknown is refused before a picture is read
    files = find_pictures(names)
    outcomes = zip(files, _read_all(files, settings, jobs, style), strict=True)
    for done, (file, outcome) in enumerate(outcomes, start=1):
        writer.add(file, outcome)
        if progress:
            progress(done, len(files))
    writer.finish()
    return writer.batch


class _Writer:
    """Writes what was read into a folder."""

    def __init__(self, folder: Path, settings: ScanSettings, style: Style, variable_width: bool) -> None:
        if folder.exists() and not folder.is_dir():
            raise LimnerError(f"{folder} is a file; give the name of a folder to write into.")
        self.batch = ScanBatch()
        self._folder, self._settings, self._style = folder, settings, style
        self._variable_width = variable_width
        self._taken = set[str]()
        self._pairs: list[tuple[str, Image.Image]] = []

    def add(self, file: Path, outcome: list[ScannedPage] | str) -> None:
        """Write the pages of a file, or note the sentence that says why there are none."""
        if isinstance(outcome, str):
            self.batch.failures[str(file)] = outcome
            return
        for page in outcome:
            name = f"{free_name(file.stem, self._taken)}.svg"
            write_text(self._folder / name, page.result.to_svg(variable_width=self._variable_width))
            self.batch.pages.append({"file": str(file), "svg": name, **page.result.report_entry()})
            self._pairs.append((caption(name, page.result), page.image))

    def finish(self) -> None:
        """Write contact sheets and the report, if any page was read."""
        if not self.batch.pages:
            return
        for number, start in enumerate(range(0, len(self._pairs), PAIRS), start=1):
            name = SHEET_NAME if number == 1 else f"{Path(SHEET_NAME).stem}-{number}.png"
            pairs = self._pairs[start : start + PAIRS]
            write_bytes(self._folder / name, png_bytes(contact_sheet(pairs, self._style)))
        report = {
            "limner": __version__,
            "settings": to_dict(self._settings),
            "pages": self.batch.pages,
            "failures": self.batch.failures,
        }
        write_text(self._folder / REPORT_NAME, json.dumps(report, indent=1, ensure_ascii=False) + "\n")


def read_file(file: Path, settings: ScanSettings, style: Style = STYLE) -> list[ScannedPage] | str:
    """Read all pages of a file, or return the sentence that says why not."""
    try:
        pages = []
        fixes = fixes_for(file, settings)
        for number, grey in enumerate(read_pages(file), start=1):
            name = file.name if number == 1 else f"Page {number} of {file.name}"
            result = scan_grey(grey, settings, name=name, fixes=fixes.of_page(number, size_of(grey)))
            pages.append(ScannedPage(result, side_by_side(grey, result, style)))
    except DataError as error:
        return str(error)
    return pages


def _read_all(
    files: Sequence[Path], settings: ScanSettings, jobs: int | None, style: Style
) -> Iterator[list[ScannedPage] | str]:
    """Yield what :func:`read_file` returns for each file, in order."""
    workers = min(jobs or len(os.sched_getaffinity(0)), len(files))
    if workers < 2 or (jobs is None and len(files) <= FEW):
        yield from (read_file(file, settings, style) for file in files)
        return
    fresh = multiprocessing.get_context("spawn")  # a copy of this process might hold locks of its threads
    pool = ProcessPoolExecutor(workers, mp_context=fresh, initializer=_ignore_interrupts)
    try:
        running = deque((file, pool.submit(read_file, file, settings, style)) for file in files)
        while running:
            yield _outcome(*running.popleft())
    finally:
        pool.shutdown(cancel_futures=True)


def _outcome(file: Path, future: Future[list[ScannedPage] | str]) -> list[ScannedPage] | str:
    try:
        return future.result()
    except BrokenProcessPool:
        return f"{file.name} could not be read: the process that read it was ended; is there memory enough?"


def _ignore_interrupts() -> None:
    """Leave Ctrl-C to the process that the person sees."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
