"""The sample shop: products of an invented shop, with judgments, to try Shopkeeper on."""

from importlib.resources import files
from pathlib import Path

__all__ = ["judgments_path", "products_path"]


def products_path() -> Path:
    """Return the catalogue: one JSON object a line, one line a product."""
    return _shipped("products.jsonl")


def judgments_path() -> Path:
    """Return the judgments: `query,docid,rating`, grades from 0 (wrong) to 3 (exact)."""
    return _shipped("judgments.csv")


def _shipped(name: str) -> Path:
    # Wheels are unpacked at installation, so the resource is a file and stays one.
    return Path(str(files(__name__) / name))
