"""Every setting there is: a module a section. Built once, in `shopkeeper/`; each package is handed
its own.

Precedence: command-line flag > environment (`SHOPKEEPER_<SECTION>__<KEY>`) > `shopkeeper.toml` >
the defaults here. Unknown keys are refused.
"""  # noqa: D205 - one sentence

from search_core.setting_choices import (
    AwsService,
    DeadModel,
    FusionMethod,
    JavaSource,
    RerankerKind,
    Role,
    TrainingLoss,
    VectorCompression,
    VectorEngine,
)
from search_core.settings.encoders import EncoderSettings
from search_core.settings.evaluation import EvaluationSettings
from search_core.settings.events import EventSettings
from search_core.settings.indexer import (
    IndexerSettings,
    RaySettings,
    TagSettings,
    TaxonomySettings,
)
from search_core.settings.llm import AnswerFormat, LlmSettings, OutputLimitName
from search_core.settings.local_stack import LocalStackSettings
from search_core.settings.privacy import PrivacySettings
from search_core.settings.query_proxy import CallerSettings, QueryProxySettings
from search_core.settings.query_understanding import QueryUnderstandingSettings
from search_core.settings.reranker import (
    BusinessSignals,
    LanguageModelSettings,
    RerankerSettings,
    RerankerTrainingSettings,
)
from search_core.settings.retrieval import (
    AllTermsBoosts,
    FieldBoosts,
    FusionSettings,
    RetrievalSettings,
)
from search_core.settings.search_engine import SearchEngineSettings
from search_core.settings.section import CommaSeparated, Section
from search_core.settings.suggestions import SuggestionSettings

__all__ = [
    "AllTermsBoosts",
    "AnswerFormat",
    "AwsService",
    "BusinessSignals",
    "CallerSettings",
    "CommaSeparated",
    "DeadModel",
    "EncoderSettings",
    "EvaluationSettings",
    "EventSettings",
    "FieldBoosts",
    "FusionMethod",
    "FusionSettings",
    "IndexerSettings",
    "JavaSource",
    "LanguageModelSettings",
    "LlmSettings",
    "LocalStackSettings",
    "OutputLimitName",
    "PrivacySettings",
    "QueryProxySettings",
    "QueryUnderstandingSettings",
    "RaySettings",
    "RerankerKind",
    "RerankerSettings",
    "RerankerTrainingSettings",
    "RetrievalSettings",
    "Role",
    "SearchEngineSettings",
    "Settings",
    "SuggestionSettings",
    "TagSettings",
    "TaxonomySettings",
    "TrainingLoss",
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
    llm: LlmSettings = LlmSettings()
    evaluation: EvaluationSettings = EvaluationSettings()
    query_proxy: QueryProxySettings = QueryProxySettings()
    privacy: PrivacySettings = PrivacySettings()
    events: EventSettings = EventSettings()
    suggestions: SuggestionSettings = SuggestionSettings()
    local_stack: LocalStackSettings = LocalStackSettings()
