"""The installed command, run as a user runs it: in a process and a folder of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Shopkeeper = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def shopkeeper(opensearch_url: str, tmp_path: Path) -> Shopkeeper:
    """Run `shopkeeper ARGUMENTS` against the session's node; stdout and stderr are captured."""
    command = Path(sys.executable).with_name("shopkeeper")

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return subprocess.run(
            [str(command), *arguments],
            cwd=tmp_path,
            env={**kept, "SHOPKEEPER_SEARCH_ENGINE__URL": opensearch_url, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )

    return run
