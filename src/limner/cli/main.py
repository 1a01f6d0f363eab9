"""``limner VERB ...``: find the verb, run it, and turn errors into sentences."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress

from limner._version import __version__
from limner.cli.verbs import VERBS
from limner.errors import LimnerError, sentence
from limner.settings import did_you_mean

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
    _print_any_name()
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
    except Exception as error:
        if debug:
            raise
        return _complain(_explained(error), 1)


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
        return VERBS[verb](arguments[1:])
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2


def _print_any_name() -> None:
    """Print file names that are not UTF-8 with escapes instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _forget_stdout() -> None:
    """Redirect stdout to nowhere, so that Python does not report again what could not be written."""
    with suppress(OSError, AttributeError):  # where stdout is no file, or closed
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _explained(error: Exception) -> str:
    """Describe an error that no part of limner has turned into a sentence."""
    if isinstance(error, OSError):
        if error.filename is None:  # it may be stdout's
            _forget_stdout()
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{(error.strerror or str(error)).lower()}."
    if isinstance(error, MemoryError) or "can't allocate memory" in str(error):  # torch has no class for it
        return "there is not enough memory for this; ask for fewer or smaller drawings, or a smaller model."
    if "embedded null byte" in str(error):
        return "a name of a file holds a NUL character, which no file system takes; mend the name."
    kind = type(error).__name__
    return f"limner failed by itself ({kind}: {error}); run again with --debug to see where."


def _complain(text: str, code: int) -> int:
    print(sentence(f"limner: {text}"), file=sys.stderr)  # noqa: T201
    return code


def _overview() -> str:
    lines = ["usage: limner VERB ...", "", "Teach a machine to draw in somebody's hand.", ""]
    lines += [f"  {name:<12} {verb.summary}" for name, verb in VERBS.items()]
    lines += ["", "limner VERB --help explains a verb; --debug shows where an error comes from; --version."]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
