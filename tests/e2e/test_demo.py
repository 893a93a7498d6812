"""`shopkeeper demo` as the README has it."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import requests


def test_the_demo_indexes_the_sample_shop_and_explains_its_searches(shopkeeper, unique_index_name):
    done = shopkeeper("demo", "--no-page", "--index", unique_index_name)
    assert done.returncode == 0, done.stderr
    assert "1,030 products of the sample shop are live" in done.stderr
    assert done.stdout.count("stands first:") == 3
    assert "Fused score" in done.stdout


def test_the_demo_ends_with_its_page_until_it_is_stopped(opensearch_url, unique_index_name):
    command = Path(sys.executable).with_name("shopkeeper")
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with subprocess.Popen(
        [str(command), "demo", "--port", "0", "--index", unique_index_name],
        env={**kept, "SHOPKEEPER_SEARCH_ENGINE__URL": opensearch_url},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        killer = threading.Timer(240, process.kill)
        killer.start()
        try:
            said = next(line for line in process.stdout if line.startswith("The search page:"))
            address = said.removeprefix("The search page:").strip()
            page = requests.get(address, params={"q": "red dress"}, timeout=60)
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 0
        finally:
            killer.cancel()
            process.kill()
    assert page.status_code == 200
    assert "Why is this here?" in page.text
