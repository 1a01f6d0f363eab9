"""``limner models``: list, fetch and describe models by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import tyro

from limner.cli.arguments import Flag, OptionalFolder, parse, refuse_action
from limner.cli.console import progress_bar, say, say_json, table

VERB = "models"
USAGE = """usage: limner models list [TEXT] | get NAME | info MODEL

  list   name the models that come with limner and those that others have published
  get    fetch a published one, from the cache, a local mirror, or its public address, and convert it
  info   say what a model is: its network, classes, licence and figures

limner models get magenta/octopus
limner sample magenta/octopus -n 9 --out octopuses.svg

limner models info --help explains the options of info, and so on."""


@dataclass(frozen=True)
class ModelsListArguments:
    """Name the models that ship with limner and those that are published. Nothing is asked of the network."""

    match: tyro.conf.Positional[Annotated[str, tyro.conf.arg(metavar="[TEXT]", help_behavior_hint="")]] = ""
    """Only names that contain this."""
    json: Flag = False
    """Print one JSON object."""


@dataclass(frozen=True)
class ModelsGetArguments:
    """Fetch a published model and convert it: from the cache, a local mirror, or its public address."""

    name: tyro.conf.Positional[Annotated[str, tyro.conf.arg(metavar="NAME")]]
    """As limner models list names it."""
    mirror: OptionalFolder = None
    """A folder to look for the file in before the network is asked; LIMNER_DATA unless given."""
    cache_dir: OptionalFolder = None
    """Where fetched files lie; the user's cache unless given."""
    json: Flag = False
    """Print one JSON object."""


@dataclass(frozen=True)
class ModelsInfoArguments:
    """Say what a model is; of a published one that is not here yet, where it comes from."""

    model: tyro.conf.Positional[Annotated[str, tyro.conf.arg(metavar="MODEL")]]
    """A run folder, a .safetensors file, a name as limner models list has it, or hf://user/name."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    actions = {"list": _list, "get": _get, "info": _info}
    if argv[:1] in (["-h"], ["--help"]):
        say(USAGE)
    elif argv and argv[0] in actions:
        actions[argv[0]](argv[1:])
    else:
        refuse_action(VERB, argv, actions)


def _list(argv: list[str]) -> None:
    args = parse(ModelsListArguments, argv, "models list")
    from limner.interchange.model_facts import list_models

    found = {name: facts for name, facts in list_models().items() if args.match in name}
    if args.json:
        say_json(found)
        return
    columns = ("is", "licence", "about")
    say(
        table(
            [("name", "where", "licence", "what"), *((n, *(f[c] for c in columns)) for n, f in found.items())]
        )
    )


def _get(argv: list[str]) -> None:
    args = parse(ModelsGetArguments, argv, "models get")
    from limner.interchange.get_model import get_model
    from limner.interchange.model_facts import model_facts

    with progress_bar(f"Fetching {args.name}") as progress:
        path = get_model(args.name, cache_dir=args.cache_dir, mirror=args.mirror, progress=progress)
    if args.json:
        say_json(model_facts(args.name))
        return
    say(str(path))
    say(f"limner sample {args.name} -n 9 --out sheet.svg draws with it")


def _info(argv: list[str]) -> None:
    args = parse(ModelsInfoArguments, argv, "models info")
    from limner.interchange.model_facts import model_facts

    facts = model_facts(args.model)
    if args.json:
        say_json(facts)
        return
    say(table([(name.replace("_", " "), _as_text(value)) for name, value in facts.items()]))


def _as_text(value: Any) -> str:
    """Return a fact on one line: lists shortened, figures with four digits."""
    if isinstance(value, dict):
        return ", ".join(
            f"{name} {_as_text(one)}" for name, one in value.items() if not isinstance(one, dict)
        )
    if isinstance(value, list):
        shown = ", ".join(map(str, value[:8]))
        return shown + (f" and {len(value) - 8} more" if len(value) > 8 else "")
    return f"{value:.4g}" if isinstance(value, float) else str(value)
