"""One real OpenSearch node for the whole session, and index names that no other test uses.

SHOPKEEPER_TEST_OPENSEARCH_URL names a node to use instead of starting one. A node that does not
start fails every test that needs it; none is skipped.
"""

import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
import requests

from search_core.settings import LocalStackSettings
from shopkeeper.local_stack import start_node, stop_node

# A shell that starts the tests in the background makes them, and so their children, ignore Ctrl-C,
# which some of them are about.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def _temporary_data_dir() -> Iterator[Path]:
    # Not pytest's tmp_path: that only its owner may enter, and root runs the node as another one.
    folder = Path(tempfile.mkdtemp(prefix="shopkeeper-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        stop_node(LocalStackSettings(data_dir=folder))
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def temporary_data_dir() -> Callable[[], AbstractContextManager[Path]]:
    """Makes a data folder for a node; at its end, what runs there is stopped and all deleted."""
    return _temporary_data_dir


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data folder for a node of the test's own."""
    with _temporary_data_dir() as folder:
        yield folder


@pytest.fixture(scope="session")
def opensearch_url() -> Iterator[str]:
    """The address of a real OpenSearch node with k-NN that the whole session shares."""
    given = os.environ.get("SHOPKEEPER_TEST_OPENSEARCH_URL")
    if given:
        yield given.rstrip("/")
        return
    with _temporary_data_dir() as folder:
        settings = LocalStackSettings(data_dir=folder, heap_mb=1024, start_timeout_seconds=180)
        yield start_node(settings).url


@pytest.fixture
def unique_index_name(opensearch_url: str) -> Iterator[str]:
    """A name for a test's index or alias; indices whose name starts with it are deleted after."""
    name = f"test-{secrets.token_hex(6)}"
    yield name
    listing = requests.get(
        f"{opensearch_url}/_cat/indices/{name}*",
        params={"format": "json", "h": "index", "expand_wildcards": "all"},
        timeout=30,
    )
    for row in listing.json():
        requests.delete(f"{opensearch_url}/{row['index']}", timeout=30).raise_for_status()
