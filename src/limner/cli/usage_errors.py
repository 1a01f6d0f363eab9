"""Usage errors as single sentences: tyro reports them in a box, with colours and help."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from limner.errors import quote_list

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_OPTION = re.compile(r"(?<![\w-])--?[A-Za-z][\w.-]*")


def unknown_option(argv: Sequence[str], help_page: str) -> str | None:
    """Name an option of ``argv`` that the help page does not have, with the nearest one that it has."""
    options = {option.rstrip(".") for option in _OPTION.findall(_COLOUR.sub("", help_page))}
    names = {option.lstrip("-"): option for option in sorted(options)}
    for word in argv:
        option = word.partition("=")[0].replace("_", "-")
        if _OPTION.fullmatch(option) and option not in options:
            near = difflib.get_close_matches(option.lstrip("-"), names, n=1)
            return f"there is no option {option}" + (f"; did you mean {names[near[0]]}?" if near else "")
    return None


def sentence_of(box: str) -> str:
    """Return the error message in a box of tyro's as a sentence."""
    lines = [_unframed(line) for line in _COLOUR.sub("", box).splitlines()]
    text = " ".join(" ".join(line for line in lines if not _is_rule(line)).split())
    if missing := _missing(lines):
        return f"{quote_list(missing)} {'is' if len(missing) == 1 else 'are'} missing"
    if found := re.search(r"Missing value for argument '(.+?)'", text):
        return f"{_short(found[1])} needs a value"
    if found := re.search(r"invalid choice '(.*?)' for argument '(.+?)'\. Expected one of \((.*?)\)", text):
        choices = quote_list(re.findall(r"'(.*?)'", found[3])).replace(" and ", " or ")
        return f"{_short(found[2])} must be {choices}, not {found[1]}"
    if found := re.search(r"Unrecognized options: (\S+?),? ", text):
        return f"nothing is expected at {found[1]}"
    if found := re.search(r"Error parsing (\S+): (.*?)\.? (?:Argument helptext|For full helptext)", text):
        return _wrong_value(found[1], found[2])
    return re.sub(r"\.? For full helptext.*", "", text)


def _unframed(line: str) -> str:
    """Strip the frame of a box and keep the indentation."""
    if line.lstrip().startswith(("╭", "╰", "+-")):
        return ""
    return re.sub(r"^\s?[│| ]|\s*[│|]?\s*$", "", line)


def _is_rule(line: str) -> bool:
    return not line.strip("─- ")


def _missing(lines: Sequence[str]) -> list[str]:
    """Name the required arguments that are missing: they stand at the left, their help is indented."""
    begin = next((i for i, line in enumerate(lines) if line.strip().startswith("Missing from")), None)
    if begin is None:
        return []
    block = lines[begin + 1 :]
    end = next((i for i, line in enumerate(block) if _is_rule(line)), len(block))
    depths = [len(line) - len(line.lstrip()) for line in block[:end]]
    tops = [line for line, depth in zip(block, depths, strict=False) if depth == min(depths)]
    return [line.split()[0] for line in tops]


def _wrong_value(name: str, complaint: str) -> str:
    """Describe an invalid value; a name that is no option stands for a group of options."""
    complaint = re.sub(
        r"invalid literal for int\(\) with base 10: '(.*)'", r"must be a whole number, not \1", complaint
    )
    complaint = re.sub(r"could not convert string to float: '(.*)'", r"must be a number, not \1", complaint)
    return f"{_short(name)} {complaint}" if name.startswith("-") else complaint


def _short(name: str) -> str:
    return name.split("/")[0]
