import inspect
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from search_core import errors
from search_core.errors import ShopkeeperError
from shopkeeper.command_line import (
    COMMANDS,
    EXIT_FAILED,
    EXIT_UPSTREAM,
    EXIT_USAGE,
    cli,
    exit_status,
)

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_loads_and_has_help_with_an_example(name):
    command = cli.get_command(click.Context(cli), name)
    assert isinstance(command, click.Command)
    commands = (
        [command.get_command(click.Context(command), each) for each in command.list_commands(None)]
        if isinstance(command, click.Group)
        else [command]
    )
    for each in commands:
        result = CliRunner().invoke(each, ["--help"])
        assert result.exit_code == 0, result.output
        assert "Example" in result.output, f"{name} {each.name}"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name):
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert f"`shopkeeper {name}" in text


def test_listing_commands_imports_none_of_them():
    import subprocess
    import sys

    code = (
        "import sys; from shopkeeper.command_line import cli; from click.testing import CliRunner; "
        "CliRunner().invoke(cli, ['--help']); "
        "print([m for m in sys.modules if m.startswith(('shopkeeper.commands.', 'opensearchpy', "
        "'onnxruntime', 'numpy', 'pydantic', 'rich'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.ConfigurationError, EXIT_USAGE),
        (errors.CatalogSchemaError, EXIT_USAGE),
        (errors.IndexNotFoundError, EXIT_USAGE),
        (errors.SearchEngineUnavailableError, EXIT_UPSTREAM),
        (errors.DownloadError, EXIT_UPSTREAM),
        (errors.GenerationCheckError, EXIT_FAILED),
    ],
)
def test_errors_become_exit_statuses(kind, status):
    assert exit_status(kind("x")) == status


def test_every_error_has_a_documented_code():
    text = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    codes = {
        kind.code
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, ShopkeeperError)
    }
    documented = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    assert documented == codes
