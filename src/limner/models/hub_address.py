"""Models at addresses of the Hugging Face hub, ``hf://user/name`` or ``hf://user/name@revision``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from limner.errors import LimnerError, MissingExtraError

SCHEME = "hf://"
_ADDRESS = re.compile(r"hf://?([\w.-]+/[\w.-]+)(?:@([\w./-]+))?/?")  # a Path has lost one of the slashes


class HubAddress(NamedTuple):
    """A repository of the hub, and which of its versions."""

    repository: str
    """``user/name``"""
    revision: str | None


def is_hub_address(name: str | Path) -> bool:
    """Return whether a name is meant as an address of the hub, even if it has lost a slash as a path."""
    return str(name).startswith("hf:/")


def read_hub_address(name: str | Path) -> HubAddress:
    """Return the parts of an address.

    Raises
    ------
    LimnerError
        If it is none.
    """
    found = _ADDRESS.fullmatch(str(name))
    if found is None:
        raise LimnerError(
            f"{name} is no address of the hub; write hf://user/name or hf://user/name@revision."
        )
    return HubAddress(found[1], found[2])


def fetch_from_hub(name: str | Path, file: str) -> Path:
    """Return the path of a file of a repository, after downloading it into the hub's own cache.

    Raises
    ------
    LimnerError
        If the address is none, or the file cannot be fetched.
    MissingExtraError
        If the extra is missing.
    """
    address = read_hub_address(name)
    try:
        from huggingface_hub import hf_hub_download
        from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError
    except ImportError as error:
        raise MissingExtraError("hub", "Reading models from a hub") from error
    try:
        return Path(hf_hub_download(address.repository, file, revision=address.revision))
    except LocalEntryNotFoundError as error:
        raise LimnerError(
            f"Cannot fetch {name}: the hub does not answer, and its cache on this machine lacks the model."
        ) from error
    except HfHubHTTPError as error:
        raise LimnerError(
            f"Cannot fetch {name}: the hub has no such model with a {file}, or it is not open to you."
        ) from error
