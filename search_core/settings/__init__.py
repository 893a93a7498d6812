"""Every setting there is: a module a section. Built once, in `shopkeeper/`; each package is handed
its own.

Precedence: command-line flag > environment (`SHOPKEEPER_<SECTION>__<KEY>`) > `shopkeeper.toml` >
the defaults here. Unknown keys are refused.
"""  # noqa: D205 - one sentence

from search_core.setting_choices import (
    DeadModel,
    FusionMethod,
    JavaSource,
    RerankerKind,
    Role,
    VectorCompression,
    VectorEngine,
)
from search_core.settings.encoders import EncoderSettings
from search_core.settings.evaluation import EvaluationSettings
from search_core.settings.indexer import IndexerSettings
from search_core.settings.local_stack import LocalStackSettings
from search_core.settings.query_proxy import CallerSettings, QueryProxySettings
from search_core.settings.query_understanding import QueryUnderstandingSettings
from search_core.settings.reranker import BusinessSignals, RerankerSettings
from search_core.settings.retrieval import FieldBoosts, FusionSettings, RetrievalSettings
from search_core.settings.search_engine import SearchEngineSettings
from search_core.settings.section import CommaSeparated, Section

__all__ = [
    "BusinessSignals",
    "CallerSettings",
    "CommaSeparated",
    "DeadModel",
    "EncoderSettings",
    "EvaluationSettings",
    "FieldBoosts",
    "FusionMethod",
    "FusionSettings",
    "IndexerSettings",
    "JavaSource",
    "LocalStackSettings",
    "QueryProxySettings",
    "QueryUnderstandingSettings",
    "RerankerKind",
    "RerankerSettings",
    "RetrievalSettings",
    "Role",
    "SearchEngineSettings",
    "Settings",
    "VectorCompression",
    "VectorEngine",
]


class Settings(Section):
    """All sections of `shopkeeper.toml`."""

    search_engine: SearchEngineSettings = SearchEngineSettings()
    encoders: EncoderSettings = EncoderSettings()
    indexer: IndexerSettings = IndexerSettings()
    retrieval: RetrievalSettings = RetrievalSettings()
    query_understanding: QueryUnderstandingSettings = QueryUnderstandingSettings()
    reranker: RerankerSettings = RerankerSettings()
    evaluation: EvaluationSettings = EvaluationSettings()
    query_proxy: QueryProxySettings = QueryProxySettings()
    local_stack: LocalStackSettings = LocalStackSettings()
