"""``limner curate``: look over drawings or pages, and choose."""

from __future__ import annotations

from importlib import import_module

from limner.cli.arguments import refuse_action
from limner.cli.console import say

VERB = "curate"
ACTIONS = {
    "embed": "describe drawings or pages by numbers, for the other verbs and for other programs",
    "cluster": "sort them into clusters of what is alike, or by clusters found before",
    "map": "lay them out on a page to look at, to choose from and to label",
    "filter": "keep some drawings of a corpus: by cluster, label, list, choices or likeness",
    "neighbours": "find what looks most like a drawing",
    "export-projector": "write files for TensorBoard's projector",
    "sort": "tell drawings, watercolours, notes, covers and bad scans apart",
}
USAGE = "\n".join(
    [
        f"usage: limner {VERB} {' | '.join(ACTIONS)} CORPUS ...",
        "",
        *(f"  {action:<17} {summary}" for action, summary in ACTIONS.items()),
        "",
        "CORPUS is a corpus (npz, ndjson, parquet, SVG, doodles), or pictures: files, folders, patterns.",
        "limner curate embed --help explains the options of embed, and so on.",
    ]
)


def main(argv: list[str]) -> None:
    """Run the verb."""
    if argv[:1] in (["-h"], ["--help"]):
        say(USAGE)
    elif argv and argv[0] in ACTIONS:
        import_module(f"limner.cli.curate.{argv[0].replace('-', '_')}").main(argv[1:])
    else:
        refuse_action(VERB, argv, ACTIONS)
