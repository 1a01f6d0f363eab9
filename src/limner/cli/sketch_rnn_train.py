"""``sketch_rnn_train``: the command of the original (2017), on top of ``limner train``.

Flags are read as absl reads them: ``--flag=value`` or ``--flag value``, with one dash or two.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from limner.cli.main import main as limner
from limner.errors import DataError, LimnerError
from limner.training.hparams import HParams
from limner.training.run_folder import check_new

DATA_DIR = "https://github.com/hardmaru/sketch-rnn-datasets/raw/master/aaron_sheep/"
DATA_SET = ("aaron_sheep.npz",)
LOG_ROOT = "/tmp/sketch_rnn/models/default"  # noqa: S108  # where the original puts it
_ONE_DASH = re.compile(r"-[a-z]\w")
_TRUTHS = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}


def main(argv: list[str] | None = None) -> int:
    """Run the command.

    Returns
    -------
    int
        As of ``limner train``.
    """
    words = sys.argv[1:] if argv is None else argv
    flags = _parser().parse_args([f"-{word}" if _ONE_DASH.match(word) else word for word in words])
    try:
        names = HParams.read(flags.hparams).data_set or DATA_SET
        corpora = [find_data_set(name, flags.data_dir) for name in names]
        if not flags.resume_training:
            check_new(flags.log_root, option="--resume_training")
    except LimnerError as error:
        print(f"sketch_rnn_train: {error}", file=sys.stderr)  # noqa: T201
        return 1
    resume = ["--resume"] if flags.resume_training else []
    options = ["--out", str(flags.log_root), f"--hparams={flags.hparams}", *resume]
    return limner(["train", *map(str, corpora), *options])


def find_data_set(name: str, data_dir: str) -> Path:
    """Find a file of ``data_set``: in a folder, or at an address that the catalogue knows.

    Raises
    ------
    LimnerError
        If it is neither.
    """
    if not data_dir.lower().startswith(("http://", "https://")):
        path = Path(data_dir) / name
        if not path.exists():
            raise DataError(f"{path} does not exist; --data_dir is the folder of the files in data_set.")
        return path
    from limner.corpus.catalogue import catalogue
    from limner.corpus.download import get

    wanted = _plain(f"{data_dir.rstrip('/')}/{name}")
    known = next((entry.name for entry in catalogue().values() if _plain(entry.url) == wanted), None)
    if known is None:
        raise DataError(
            f"{data_dir.rstrip('/')}/{name} is none of the datasets that limner knows; download it and name "
            "its folder with --data_dir."
        )
    return get(known)


def _plain(url: str) -> str:
    """Normalise the address of a file on GitHub or on Google's storage."""
    from urllib.parse import unquote

    plain = unquote(url.partition("://")[2]).lower()
    if plain.startswith("github.com/"):
        owner, repository, _raw, *rest = [*plain.split("/")[1:], "", "", ""]
        plain = "/".join(["raw.githubusercontent.com", owner, repository, *filter(None, rest)])
    return plain


def _truth(word: str) -> bool:
    if word.lower() not in _TRUTHS:
        raise argparse.ArgumentTypeError(f"true or false is wanted, not {word!r}")
    return _TRUTHS[word.lower()]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sketch_rnn_train", allow_abbrev=False,
        description="Train SketchRNN as the original of 2017 was trained; see also: limner train --help",
    )  # fmt: skip
    parser.add_argument(
        "--data_dir", metavar="DIR", default=DATA_DIR,
        help="folder of the .npz files, or the address of published ones (%(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--log_root", metavar="DIR", type=Path, default=Path(LOG_ROOT),
        help="folder of the run: checkpoint, weights, metrics (%(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--resume_training", metavar="BOOL", type=_truth, nargs="?", const=True,
        default=False, help="go on with the run in --log_root",
    )  # fmt: skip
    parser.add_argument(
        "--noresume_training", dest="resume_training", action="store_false", help=argparse.SUPPRESS
    )
    parser.add_argument(
        "--hparams", metavar="K=V,...", default="",
        help='hyper-parameters, as in "data_set=[cat.npz],dec_model=layer_norm,num_steps=10000"',
    )  # fmt: skip
    return parser
