"""Documentation is tested: links lead somewhere, and what it tells to type exists."""

import re
import shlex
from pathlib import Path

import click
import pytest

from shopkeeper.command_line import cli

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
COMMAND = re.compile(r"^\s*\$?\s*(shopkeeper [^\n#]*)", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page):
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def typed_commands():
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in re.findall(r"```[a-z]*\n(.*?)```", text, re.DOTALL):
            for line in COMMAND.findall(block.replace("\\\n", " ")):
                yield pytest.param(line, id=f"{page.name}: {line[:50]}")


@pytest.mark.parametrize("line", list(typed_commands()))
def test_every_command_that_is_told_to_type_exists_with_its_options(line):
    line = re.split(r"\s[|>]\s", line)[0]
    words = shlex.split(line.replace("...", "").replace("…", ""))[1:]
    command = cli
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        # Some groups have a command that is meant where none is named.
        context = command.make_context(command.name, list(words), resilient_parsing=True)
        words = [*context._protected_args, *context.args]
        # A usage error here is a command that does not exist.
        _, command, words = command.resolve_command(context, words)
    known = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
    known |= {"--help", "-h", "--version"}
    for word in words:
        if word.startswith("--"):
            assert word.split("=")[0] in known, word


def test_every_make_target_of_the_readme_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`?make (\w+)", (ROOT / "README.md").read_text(encoding="utf-8")):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
