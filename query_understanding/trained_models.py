"""What was trained for a shop, in place of what Shopkeeper brings."""

from functools import lru_cache
from pathlib import Path

from query_understanding.categories.transformer_categories import TransformerCategories
from query_understanding.intents.intent_model import (
    IntentModel,
    IntentTeller,
    default_intent_model,
    read_intent_model,
)
from query_understanding.intents.transformer_intents import TransformerIntents

INTENT_FILE = "intent.json"
"""Name of a trained model of intents in the folder of what was trained."""

CATEGORIES_FOLDER = "categories"
"""Name of the folder of a trained transformer that tells categories beside it."""

INTENTS_FOLDER = "intents"
"""Name of the folder of one that tells intents, with the regression that it is mixed with."""


def intent_model(folder: Path | None) -> IntentModel:
    """Return the model of intents that was trained into a folder, else the one that ships.

    Raises:
        ConfigurationError: the trained one cannot be read.
    """
    path = None if folder is None else folder / INTENT_FILE
    if path is None or not path.exists():
        return default_intent_model()
    return read_intent_model(path)


def intent_teller(folder: Path | None) -> IntentTeller:
    """Return what tells intents: a transformer that was trained into a folder, else `intent_model`.

    Raises:
        ConfigurationError: what was trained cannot be read.
    """
    path = None if folder is None else folder / INTENTS_FOLDER
    if path is None or not path.exists():
        return intent_model(folder)
    return _loaded_intents(path, path.stat().st_mtime_ns)


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


@lru_cache(maxsize=2)
def _loaded_intents(path: Path, changed_ns: int) -> TransformerIntents:
    del changed_ns
    return TransformerIntents(path)
