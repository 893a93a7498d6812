"""The composition root: settings → adapters, handed to the packages that use them.

Each module composes what one floor of the house needs. What is slow to import is imported when it
is asked for.
"""

from shopkeeper.composition.engine import search_engine_client, search_engine_settings
from shopkeeper.composition.indexing import (
    learn_what_to_suggest,
    more_tags,
    reindex_tools,
    update_tools,
)
from shopkeeper.composition.local_files import artifact_store, cache_dir, trained_folder
from shopkeeper.composition.models import encoder_provider, language_model
from shopkeeper.composition.reranking import (
    mixing_model,
    model_repository,
    open_reranker,
    reranker_settings,
    usable_mixing,
)
from shopkeeper.composition.retrieving import open_name_check, open_retriever
from shopkeeper.composition.understanding import query_understanding

__all__ = [
    "artifact_store",
    "cache_dir",
    "encoder_provider",
    "language_model",
    "learn_what_to_suggest",
    "mixing_model",
    "model_repository",
    "more_tags",
    "open_name_check",
    "open_reranker",
    "open_retriever",
    "query_understanding",
    "reindex_tools",
    "reranker_settings",
    "search_engine_client",
    "search_engine_settings",
    "trained_folder",
    "update_tools",
    "usable_mixing",
]
