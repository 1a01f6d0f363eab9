"""Scripts that complete ``limner`` in bash, zsh and fish, made of commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from limner.cli.help_pages import Command

_BASH = """\
# Completion of limner for bash; made by: limner completion bash
_limner() {{
    local cur="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}"
    local words="" values="" files=yes
    local command="${{COMP_WORDS[1]}}"
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "{verbs} --help --version" -- "$cur"))
        return
    fi
    case "$command" in
        {grouped})
            if [ "$COMP_CWORD" -gt 2 ]; then command="$command ${{COMP_WORDS[2]}}"; else files=""; fi ;;
    esac
    case "$command:$before" in
{values}
    esac
    if [ -n "$values" ]; then
        COMPREPLY=($(compgen -W "$values" -- "$cur"))
        return
    fi
    case "$command" in
{words}
    esac
    case "$cur" in
        -*) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
        *) COMPREPLY=($(compgen -W "$(printf '%s\\n' $words | grep -v '^-')" -- "$cur")) ;;
    esac
    case "$files$cur" in
        yes-*) ;;
        yes*) COMPREPLY+=($(compgen -f -- "$cur")) ;;
    esac
}}
complete -o filenames -F _limner limner
"""

_ZSH = """\
#compdef limner
# Completion of limner for zsh; made by: limner completion zsh
_limner() {{
    local before="${{words[CURRENT-1]}}" command="${{words[2]}}" files=yes
    local -a found
    if (( CURRENT == 2 )); then
        found=({described})
        _describe 'verb' found
        return
    fi
    case "$command" in
        {grouped}) if (( CURRENT > 3 )); then command="$command ${{words[3]}}"; else files=; fi ;;
    esac
    case "$command:$before" in
{values}
    esac
    if (( $#found )); then
        compadd -a found
        return
    fi
    case "$command" in
{words}
    esac
    compadd -a found
    [[ -z "$files" || "$PREFIX" == -* ]] || _files
}}
if [ "$funcstack[1]" = "_limner" ]; then
    _limner "$@"
else
    compdef _limner limner
fi
"""


def bash_script(commands: Sequence[Command], models: Sequence[str]) -> str:
    """Return the script for bash; models are names that a command may take besides files."""
    return _BASH.format(
        verbs=" ".join(_verbs(commands)),
        grouped=_grouped(commands),
        values="\n".join(f'        {case}) values="{values}" ;;' for case, values in _values(commands)),
        words="\n".join(f'        {case}) words="{words}" ;;' for case, words in _words(commands, models)),
    )


def zsh_script(commands: Sequence[Command], models: Sequence[str]) -> str:
    """Return the script for zsh; see :func:`bash_script`."""
    verbs = [command for command in commands if len(command.words) == 1]
    return _ZSH.format(
        described=" ".join(_quoted(f"{c.words[0]}:{c.summary}") for c in verbs),
        grouped=_grouped(commands),
        values="\n".join(f"        {case}) found=({values}) ;;" for case, values in _values(commands)),
        words="\n".join(f"        {case}) found=({words}) ;;" for case, words in _words(commands, models)),
    )


def fish_script(commands: Sequence[Command], models: Sequence[str]) -> str:
    """Return the script for fish; see :func:`bash_script`."""
    lines = ["# Completion of limner for fish; made by: limner completion fish"]
    for command in commands:
        verb, *action = command.words
        if not action:
            lines.append(
                f"complete -c limner -n __fish_use_subcommand -f -a {verb} -d {_quoted(command.summary)}"
            )
        if command.actions:
            names = " ".join(command.actions)
            seen = f"__fish_seen_subcommand_from {verb}; and not __fish_seen_subcommand_from {names}"
            lines.append(f"complete -c limner -n '{seen}' -f -a '{names}'")
        seen = "; and ".join(f"__fish_seen_subcommand_from {word}" for word in command.words)
        if command.takes_model:
            lines.append(f"complete -c limner -n '{seen}' -a '{' '.join(models)}'")
        lines += [f"complete -c limner -n '{seen}' {option}" for option in _fish_options(command)]
    return "\n".join(lines) + "\n"


def _fish_options(command: Command) -> Iterator[str]:
    for option in command.options:
        flags = [f"-l {n[2:]}" if n.startswith("--") else f"-s {n[1:]}" for n in option.names]
        wanted = ["-r"] if option.takes_value else []
        choices = [f"-f -a '{' '.join(option.choices)}'"] if option.choices else []
        yield " ".join([*flags, *wanted, *choices])


def _verbs(commands: Sequence[Command]) -> list[str]:
    return [command.words[0] for command in commands if len(command.words) == 1]


def _grouped(commands: Sequence[Command]) -> str:
    """Return the verbs that have actions, as a pattern of ``case``."""
    return "|".join(command.words[0] for command in commands if command.actions) or "''"


def _values(commands: Sequence[Command]) -> Iterator[tuple[str, str]]:
    """Yield a pattern of ``case`` for an option with few values, and these."""
    for command in commands:
        for option in command.options:
            if option.choices:
                cases = "|".join(f"'{' '.join(command.words)}:{name}'" for name in option.names)
                yield cases, " ".join(option.choices)


def _words(commands: Sequence[Command], models: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield a pattern of ``case`` for a command, and the words that may follow it."""
    for command in commands:
        named = models if command.takes_model else ()
        options = [name for option in command.options for name in option.names]
        yield f"'{' '.join(command.words)}'", " ".join([*command.actions, *named, *options])


def _quoted(text: str) -> str:
    """Return a text as one word of a shell."""
    return "'" + text.replace("'", "'\\''") + "'"


SCRIPTS = {"bash": bash_script, "zsh": zsh_script, "fish": fish_script}
"""By the name of the shell."""
