"""The picture of an upload request: the one file of a form, or the body itself."""

from __future__ import annotations

import re
import secrets
import shutil
from pathlib import Path, PurePosixPath

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request

from limner.errors import LimnerError
from limner.files import explained

NAME_BYTES = 120
FORM_FIELDS = 20
NOT_A_NAME = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|]|^[. ]+|[. ]+$')
BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        },
        "image/*": {"schema": {"type": "string", "format": "binary"}},
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
    },
}
"""OpenAPI description of the request body."""


async def save_upload(request: Request, name: str, folder: Path) -> tuple[Path, str]:
    """Stream the picture of a request into a file, so that slow uploads take no memory.

    Parameters
    ----------
    request : Request
        A form with one file under any name, or a body of any other type.
    name : str
        Name of the picture; if empty, the name of the uploaded file.
    folder : Path
        Folder in which the file is created.

    Returns
    -------
    path : Path
        The picture.
    name : str
        Its name, usable as a file name.

    Raises
    ------
    LimnerError
        If there is no picture, or several.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("application/x-www-form-urlencoded", "application/json"):
        raise LimnerError("Send the picture as a file of a form, or as the body itself.")
    path = folder / f"incoming-{secrets.token_hex(8)}"
    try:
        with explained(path):
            sent_name = await (_save_form if kind == "multipart/form-data" else _save_body)(request, path)
            if not path.stat().st_size:
                raise LimnerError("There is no picture in this request.")
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path, safe_filename(name or sent_name)


async def _save_body(request: Request, path: Path) -> str:
    with path.open("wb") as file:
        async for part in request.stream():
            file.write(part)
    return ""


async def _save_form(request: Request, path: Path) -> str:
    try:
        form = await request.form(max_files=2, max_fields=FORM_FIELDS)
    except (ValueError, KeyError) as error:  # raised by the parser for malformed forms
        raise LimnerError("The form cannot be read.") from error
    try:
        files = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
        if len(files) != 1:
            raise LimnerError("A request brings one picture, as a file of the form.")
        with path.open("wb") as file:
            await run_in_threadpool(shutil.copyfileobj, files[0].file, file)
        return files[0].filename or ""
    finally:
        await form.close()


def safe_filename(name: str) -> str:
    """Return a usable file name for the name of a picture."""
    last = PurePosixPath(name.replace("\\", "/")).name
    short = last.encode("utf-8", "replace")[-NAME_BYTES:].decode("utf-8", "ignore")
    return NOT_A_NAME.sub("", short) or "The picture"


def safe_stem(name: str) -> str:
    """Return an ASCII file name without suffix for the name of a picture."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name.rpartition(".")[0] or name).strip("-")[:60] or "drawing"
