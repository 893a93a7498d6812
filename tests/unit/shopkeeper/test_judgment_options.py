"""What every command that reads judgments makes of a file with problems."""

import click
import pytest
from click.testing import CliRunner

from search_core import JudgmentsError
from shopkeeper.command_line import cli
from shopkeeper.judgment_options import judgment_options

BROKEN = "query,docid,rating\na,1,3\na,2,good\n"


@pytest.fixture
def ask(tmp_path, monkeypatch):
    """Read a file as a command does, and print how many judgments it has."""
    monkeypatch.chdir(tmp_path)

    @click.command()
    @click.argument("name")
    @judgment_options
    def count(name, reader):
        click.echo(len(reader.read(tmp_path / name).checked()))

    def asked(name, text, *options):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return CliRunner().invoke(count, [name, *options], catch_exceptions=True)

    return asked


def test_a_line_that_cannot_be_used_is_refused(ask):
    result = ask("j.csv", BROKEN)
    assert isinstance(result.exception, JudgmentsError)
    assert "1 line that cannot be used" in str(result.exception)
    assert "--skip-problems" in str(result.exception)


def test_skipped_lines_are_named_and_the_others_count(ask):
    result = ask("j.csv", BROKEN, "--skip-problems")
    assert result.stdout == "1\n"
    assert "j.csv: line 3: unknown grade 'good'" in result.stderr


def test_ids_of_queries_without_their_texts_are_told(ask):
    assert "--queries FILE gives the texts" in ask("j.qrels", "q1 0 A 3\n").stderr
    assert ask("j.qrels", "red%20dress 0 A 3\n").stderr == ""


@pytest.mark.parametrize(
    "command",
    [
        ("evaluate",), ("tune",), ("preview",), ("ablate",), ("judgments", "merge"),
        ("judgments", "pool"), ("rules", "propose"), ("rules", "preview"), ("reranker", "fit"),
        ("reranker", "gate"),
    ],
)  # fmt: skip
def test_what_the_error_advises_is_an_option_of_every_command(command):
    result = CliRunner().invoke(cli, [*command, "--help"])
    assert "--skip-problems" in result.output
