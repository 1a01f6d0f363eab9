"""``limner completion``: a script that lets a shell complete verbs, options and names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import tyro

from limner.cli.arguments import parse
from limner.cli.console import say

VERB = "completion"


@dataclass(frozen=True)
class CompletionArguments:
    """Print a script that completes limner: verbs, their options, values, models and files.

    bash: limner completion bash > ~/.local/share/bash-completion/completions/limner
    zsh: limner completion zsh > ~/.zfunc/_limner, with fpath+=~/.zfunc before compinit in ~/.zshrc
    fish: limner completion fish > ~/.config/fish/completions/limner.fish
    """

    shell: tyro.conf.Positional[Annotated[Literal["bash", "zsh", "fish"], tyro.conf.arg(metavar="SHELL")]]
    """bash, zsh or fish. The script is made once; make it again when limner is updated."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(CompletionArguments, argv, VERB)
    from limner.cli.completion_scripts import SCRIPTS
    from limner.cli.help_pages import every_command
    from limner.models.weights import shipped_names

    say(SCRIPTS[args.shell](list(every_command()), shipped_names()).rstrip())
