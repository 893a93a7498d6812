"""A shop of 60 dresses, and one product whose fields are out to do harm."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

COLOURS = ("red", "blue", "green", "black", "white", "grey")
PRODUCTS = [
    {
        "sku": f"D-{n}",
        "name": f"Summer dress number {n} " + ("with " + "averylongword" * 6 if n == 1 else ""),
        "brand": ("Aria", "Brellin", "Casprin")[n % 3],
        "price": 10.0 + 7 * n,
        "currency": "USD",
        "rating": 3 + n % 3 / 2,
        "in_stock": n % 4 > 0,
        "category": ["Clothing", "Dresses" if n % 2 else "Gowns"],
        "url": f"https://shop.example/p/{n}",
        "attributes": {"colour": COLOURS[n % 6]},
    }
    for n in range(60)
]
HOSTILE = {
    "id": "H-1",
    "title": "<script>document.title = 'taken over'</script><img src=x onerror=alert(1)>",
    "brand": "Mallory",
    "url": "javascript:alert(1)",
    "image_url": "javascript:alert(1)",
    "variant_group": "H-1",
}
"""Written past the indexer, which would leave the markup out."""


@contextmanager
def indexed_shop(opensearch_url: str, folder: Path) -> Iterator[str]:
    """Index it while the block runs; yields the alias."""
    catalogue = folder / "catalogue.jsonl"
    catalogue.write_text("\n".join(map(json.dumps, PRODUCTS)), encoding="utf-8")
    index = f"test-{secrets.token_hex(6)}"
    command = Path(sys.executable).with_name("shopkeeper")
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    subprocess.run(
        [str(command), "reindex", str(catalogue), "--index", index],
        env={**kept, "SHOPKEEPER_SEARCH_ENGINE__URL": opensearch_url},
        cwd=catalogue.parent,
        check=True,
        timeout=240,
    )
    try:
        requests.put(
            f"{opensearch_url}/{index}/_doc/H-1?refresh=true", json=HOSTILE, timeout=30
        ).raise_for_status()
        yield index
    finally:
        names = requests.get(
            f"{opensearch_url}/{index}*", params={"expand_wildcards": "all"}, timeout=30
        ).json()
        for name in names:
            requests.delete(f"{opensearch_url}/{name}", timeout=30).raise_for_status()
