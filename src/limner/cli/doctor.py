"""``limner doctor``: what this machine has, and what is missing for which verb."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from limner.cli.arguments import Flag, parse
from limner.cli.console import say, say_json, table

VERB = "doctor"


@dataclass(frozen=True)
class DoctorArguments:
    """Say what this machine has: versions, processor, engine, data, caches, and optional parts."""

    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(DoctorArguments, argv, VERB)
    from limner.interchange.machine_facts import machine_facts

    facts = machine_facts()
    if args.json:
        say_json(facts)
        return
    for part, about in facts.items():
        if part != "advice":
            rows = [(name.replace("_mb", ", MB"), _as_text(value)) for name, value in about.items()]
            say(f"{part}\n{_indented(table(rows))}\n")
    say("\n".join(facts["advice"]) or "Nothing is missing.")


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def _as_text(value: Any) -> str:
    if isinstance(value, dict) and "folder" in value:
        return f"{value['mb']} MB in {value['folder']}"
    if isinstance(value, dict):
        return f"{_as_text(value['there'])}, for {value['for']}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)
