"""Models from and to the Hugging Face hub, with the methods of its own library."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from limner.errors import LimnerError, MissingExtraError, cause_of
from limner.interchange.hub_folder import write_hub_folder
from limner.models.hub_address import read_hub_address
from limner.models.weights import FILE_NAME, load_weights
from limner.sampling.model import Model

try:
    from huggingface_hub import ModelHubMixin, create_repo, hf_hub_download, upload_folder
    from huggingface_hub.errors import HfHubHTTPError
except ImportError as error:
    raise MissingExtraError("hub", "Reading models from a hub, and writing them there,") from error


def push_model(model: Model, address: str | Path) -> str:
    """Write a model to a repository of the hub, which is made if there is none, and return its page.

    Parameters
    ----------
    model : Model
    address : str or Path
        ``hf://user/name``, or ``hf://user/name@branch`` for a branch that exists.

    Raises
    ------
    LimnerError
        If the address is none, or the hub refuses, such as without a login.
    """
    to = read_hub_address(address)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / to.repository.rpartition("/")[2]
        write_hub_folder(model, folder)
        try:
            create_repo(to.repository, exist_ok=True)
            upload_folder(repo_id=to.repository, folder_path=folder, revision=to.revision)
        except (HfHubHTTPError, OSError, ValueError) as error:
            raise LimnerError(
                f"Cannot write to {address}: {cause_of(error).splitlines()[0]}; hf auth login logs in."
            ) from error
    return f"https://huggingface.co/{to.repository}"


class HubModel(Model, ModelHubMixin, library_name="limner", tags=["sketch-rnn", "vector-drawing"]):
    """A model with ``from_pretrained``, ``save_pretrained`` and ``push_to_hub``."""

    @classmethod
    def _from_pretrained(
        cls, *, model_id: str, revision: str | None, cache_dir: str | Path | None, force_download: bool,
        local_files_only: bool, token: str | bool | None, **_: Any,
    ) -> HubModel:  # fmt: skip
        if Path(model_id).is_dir():
            return cls(*load_weights(Path(model_id) / FILE_NAME))
        path = hf_hub_download(
            model_id, FILE_NAME, revision=revision, cache_dir=cache_dir, force_download=force_download,
            local_files_only=local_files_only, token=token,
        )  # fmt: skip
        return cls(*load_weights(path))

    def _save_pretrained(self, save_directory: Path) -> None:
        write_hub_folder(self, save_directory)
