"""What was trained for a shop, in place of what Shopkeeper brings."""

from functools import lru_cache
from pathlib import Path

from query_understanding.categories.transformer_categories import TransformerCategories
from query_understanding.intents.intent_model import (
    IntentModel,
    default_intent_model,
    read_intent_model,
)

INTENT_FILE = "intent.json"
"""Name of a trained model of intents in the folder of what was trained."""

CATEGORIES_FOLDER = "categories"
"""Name of the folder of a trained transformer beside it."""


def intent_model(folder: Path | None) -> IntentModel:
    """Return the model of intents that was trained into a folder, else the one that ships.

    Raises:
        ConfigurationError: the trained one cannot be read.
    """
    path = None if folder is None else folder / INTENT_FILE
    if path is None or not path.exists():
        return default_intent_model()
    return read_intent_model(path)


def trained_categories(folder: Path | None) -> TransformerCategories | None:
    """Return the transformer that was trained into a folder; `None`: there is none.

    Raises:
        ConfigurationError: it cannot be read.
    """
    path = None if folder is None else folder / CATEGORIES_FOLDER
    if path is None or not path.exists():
        return None
    return _loaded(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _loaded(path: Path, changed_ns: int) -> TransformerCategories:
    """Load a model once, though every change of the settings makes a new chain."""
    del changed_ns
    return TransformerCategories(path)
