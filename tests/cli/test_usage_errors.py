"""What tyro says in a box, as a sentence."""

from __future__ import annotations

import pytest

from limner.cli.usage_errors import sentence_of, unknown_option

BOX = """\
╭─ Value error ────────────────────────────────────────────────────────────────╮
│ {}
│ ──────────────────────────────────────────────────────────────────────────── │
│ For full helptext, see limner x --help                                       │
╰──────────────────────────────────────────────────────────────────────────────╯
"""
PLAIN = """\
 Value error
 ------------------------------------------------------------------------------
  {}
  ------------------------------------------------------------------------------
  For full helptext, see limner x --help
"""
COLOURED = BOX.replace("│", "\x1b[31m│\x1b[0m").replace("{}", "\x1b[1m{}\x1b[0m")

SENTENCES = {
    "Missing value for argument '-n/--number'. Expected 1 values.": "-n needs a value",
    "invalid choice 'y' for argument '--convention'. Expected one of ('paper', 'magenta', 'js').": (
        "--convention must be paper, magenta or js, not y"
    ),
    "invalid choice '' for argument '--kind'. Expected one of ('sketch_rnn',).": (
        "--kind must be sketch_rnn, not "
    ),
    "Unrecognized options: extra, more": "nothing is expected at extra",
    "Error parsing --seed: invalid literal for int() with base 10: 'x'": (
        "--seed must be a whole number, not x"
    ),
    "Error parsing --temperature: could not convert string to float: 'x'": (
        "--temperature must be a number, not x"
    ),
    "Error parsing -n/--number: must be 1 or more, not 0": "-n must be 1 or more, not 0",
    "Error parsing settings.train: train.batch_size must be at least 1, not 0.": (
        "train.batch_size must be at least 1, not 0"
    ),
    "Something that nobody foresaw.": "Value error Something that nobody foresaw",
}


@pytest.mark.parametrize("frame", [BOX, PLAIN, COLOURED], ids=["box", "plain", "coloured"])
@pytest.mark.parametrize("text", SENTENCES)
def test_sentence(frame: str, text: str) -> None:
    found = sentence_of(frame.format(text))
    assert found.removeprefix("Value error ") == SENTENCES[text].removeprefix("Value error ")


def test_missing_arguments_are_named() -> None:
    box = """\
╭─ Required options ───────────────────────────────────────────────────────────╮
│ Missing from limner x:                                                       │
│     MODEL                                                                    │
│         A run folder, or a file                                              │
│         with weights. (required)                                             │
│     --out PATH                                                               │
│         Where. (required)                                                    │
│ ──────────────────────────────────────────────────────────────────────────── │
│ For full helptext, run:                                                      │
│     limner x --help                                                          │
╰──────────────────────────────────────────────────────────────────────────────╯
"""
    assert sentence_of(box) == "MODEL and --out are missing"


HELP = "usage: x [-h]\n│ -n INT, --number INT  How many.\n│ --train.batch-size INT  See --out.\n│ --out PATH"


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["m", "--nunber", "3"], "there is no option --nunber; did you mean --number?"),
        (
            ["m", "--train.batchsize=3"],
            "there is no option --train.batchsize; did you mean --train.batch-size?",
        ),
        (["m", "-x"], "there is no option -x"),
        (["m", "--zzz"], "there is no option --zzz"),
        (["m", "-n", "-3", "--out", "-", "--train.batch_size", "-1.5e3"], None),
    ],
)
def test_unknown_options(argv: list[str], sentence: str | None) -> None:
    found = unknown_option(argv, HELP)
    assert found == sentence
