"""The house's own rules that no tool checks."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_MODULE = 500
LONGEST_FUNCTION = 60
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "common.py", "manager.py", "base.py"}


def tracked(pattern):
    listing = subprocess.run(
        ["git", "ls-files", pattern], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / line for line in listing.stdout.splitlines() if (ROOT / line).exists()]


MODULES = [path for path in tracked("*.py") if "tests" not in path.parts]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_one_concept_of_readable_size(path):
    assert path.name not in FORBIDDEN_NAMES
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_MODULE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0].lineno
            assert node.end_lineno - first < LONGEST_FUNCTION, node.name


def test_no_address_of_a_package_registry_is_kept():
    names = "|".join(("py" + "pi", "python" + "hosted", "repo1.mav" + "en", "npm" + "js"))
    address = re.compile(rf"https?://[a-z0-9.-]*(?:{names})[a-z0-9.-]*/", re.IGNORECASE)
    found = [
        path
        for path in tracked("*")
        if path.suffix not in {".jsonl", ".csv"}
        and address.search(path.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []
