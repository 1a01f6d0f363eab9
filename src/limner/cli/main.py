"""``limner VERB ...``: find the verb, run it, and turn errors into sentences."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module
from keyword import iskeyword

from limner import __version__
from limner.errors import LimnerError, one_line
from limner.settings import did_you_mean

VERBS = {
    "demo": "make toy drawings, learn them and show what was learnt, without any download",
    "data": "list, fetch and inspect corpora",
    "scan": "read pictures of drawings as strokes",
    "build": "make a corpus file out of npz, ndjson, parquet or SVG",
    "curate": "embed, cluster, map and filter drawings, and find their like",
    "train": "learn to draw from a corpus",
    "evaluate": "measure how well a model knows drawings it has not seen",
    "report": "compare runs: settings, curves, figures, sheets",
    "sample": "draw",
    "reconstruct": "encode drawings and draw them again",
    "complete": "finish a partial drawing in several ways",
    "interpolate": "morph one drawing into another",
    "animate": "watch a drawing being drawn",
    "studio": "draw with a model in the browser",
    "import": "bring in a model of sketch-rnn-js, TensorFlow or PyTorch",
    "export": "take a model to the web, to ONNX, to a hub",
    "experiment": "run a published claim again and say whether it holds",
    "bench": "measure speed on this machine, as ratios",
}

INTERRUPTED = 130


def main(argv: list[str] | None = None) -> int:
    """Run the command line.

    Returns
    -------
    int
        0; 1 for bad data; 2 for bad usage; 130 after Ctrl-C.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in arguments
    try:
        code = _dispatch([a for a in arguments if a != "--debug"])
        print(end="", flush=True)  # noqa: T201
        return code
    except KeyboardInterrupt:
        return _complain("interrupted.", INTERRUPTED)
    except BrokenPipeError:  # nobody reads any more, as behind | head
        _forget_stdout()
        return 1
    except LimnerError as error:
        if debug:
            raise
        return _complain(str(error), 1)
    except OSError as error:
        if debug:
            raise
        if error.filename is None:  # it may be stdout's
            _forget_stdout()
        place = f"{error.filename}: " if error.filename else ""
        return _complain(f"{place}{(error.strerror or str(error)).lower()}.", 1)
    except Exception as error:
        if debug:
            raise
        kind = type(error).__name__
        return _complain(
            f"limner failed by itself ({kind}: {error}); run again with --debug to see where.", 1
        )


def _dispatch(arguments: list[str]) -> int:
    verb = arguments[0] if arguments else "--help"
    if verb in ("-h", "--help"):
        print(_overview())  # noqa: T201
        return 0 if arguments else 2
    if verb == "--version":
        print(f"limner {__version__}")  # noqa: T201
        return 0
    if verb not in VERBS:
        return _complain(f"there is no verb {verb!r}; {did_you_mean(verb, VERBS)}", 2)
    try:
        return int(import_module(f"limner.cli.{_module(verb)}").main(arguments[1:]) or 0)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2


def _module(verb: str) -> str:
    return f"{verb}_" if iskeyword(verb) else verb


def _forget_stdout() -> None:
    """Let Python not try again, and complain, to write what could not be written."""
    with suppress(OSError, AttributeError):  # where stdout is no file, or closed
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(sentence: str, code: int) -> int:
    print(one_line(f"limner: {sentence}"), file=sys.stderr)  # noqa: T201
    return code


def _overview() -> str:
    lines = ["usage: limner VERB ...", "", "Teach a machine to draw in somebody's hand.", ""]
    lines += [f"  {verb:<12} {summary}" for verb, summary in VERBS.items()]
    lines += ["", "limner VERB --help explains a verb; --debug shows where an error comes from; --version."]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
