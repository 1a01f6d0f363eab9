"""``scan``: a picture of a drawing to the strokes of the hand.

Letters: ``H`` and ``W`` of the picture.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from limner.scan.fixes import NO_FIXES
from limner.scan.fixes_file import fixes_for
from limner.scan.page import GreyPage
from limner.scan.picture import grey_of_array, grey_of_image, read_pages, size_of
from limner.scan.pipeline import ScanPipeline
from limner.scan.settings import DEFAULT_SETTINGS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from limner.scan.fixes import PageFixes
    from limner.scan.result import ScanResult
    from limner.scan.settings import ScanSettings


def scan(
    image: str | Path | Image.Image | ArrayLike, settings: ScanSettings = DEFAULT_SETTINGS
) -> ScanResult:
    """Read a picture of a drawing as the strokes that the hand made.

    Parameters
    ----------
    image : path, Pillow image or array of shape ``(H, W)``, ``(H, W, 3)`` or ``(H, W, 4)``
        Dark lines on light paper or the inverse. Of a TIFF of several pages the first is read. What was
        changed by hand about a file, ``page.fixes.toml`` beside ``page.png``, is applied.
    settings : ScanSettings

    Returns
    -------
    ScanResult
        Its drawing is in pixels of the upright picture; the first pixel's center is (0.5, 0.5).

    Raises
    ------
    DataError
        If a file cannot be read, is too large, the page is blank, or holds too much to be traced.
    LimnerError
        If there is no tracer of the name in the settings.
    ValueError
        If an array is of another shape, or holds a value that is not finite.
    """
    if isinstance(image, (str, Path)):
        path = Path(image)
        grey = next(read_pages(path))
        return scan_grey(
            grey, settings, name=path.name, fixes=fixes_for(path, settings).of_page(1, size_of(grey))
        )
    grey = grey_of_image(image) if isinstance(image, Image.Image) else grey_of_array(image)
    return scan_grey(grey, settings, name="The picture")


def scan_grey(
    grey: NDArray[np.float32],
    settings: ScanSettings = DEFAULT_SETTINGS,
    *,
    name: str,
    fixes: PageFixes = NO_FIXES,
) -> ScanResult:
    """Read a page from 0 (black) to 255 (white), of shape ``(H, W)``; see :func:`scan`.

    Parameters
    ----------
    name : str
        Begins the sentence about a page that is refused.
    fixes : PageFixes
        What a person changed about the strokes.
    """
    began = time.perf_counter()
    reading = ScanPipeline(GreyPage(grey, name)).read(settings.stages(fixes))
    return reading.result(time.perf_counter() - began)
