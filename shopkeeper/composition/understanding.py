"""What reads queries."""

from typing import TYPE_CHECKING

from search_core.settings import Settings
from shopkeeper.composition.engine import search_engine_client
from shopkeeper.composition.local_files import trained_folder
from shopkeeper.composition.models import language_model

if TYPE_CHECKING:
    from query_understanding import CatalogueSource, QueryUnderstanding


def query_understanding(
    settings: Settings, rules: str | None = None, catalogues: "CatalogueSource | None" = None
) -> "QueryUnderstanding | None":
    """Return what reads queries by their catalogue, or `None` when it is switched off.

    Args:
        settings: all of them.
        rules: in Querqy's syntax, instead of those of the file; `None`: the file's.
        catalogues: what is known of the catalogues already; `None`: nothing is.

    Raises:
        RulesError: rules that cannot be read.
    """
    if not settings.query_understanding.enabled:
        return None
    from query_understanding import (  # noqa: PLC0415
        CatalogueSource,
        QueryUnderstanding,
        create_chain,
        parse_rules,
    )

    parsed = None if rules is None else parse_rules(rules)
    trained = {"trained": trained_folder(settings)}
    model = language_model(settings) if settings.query_understanding.llm else None
    return QueryUnderstanding(
        create_chain(settings.query_understanding.model_copy(update=trained), parsed, model),
        catalogues or CatalogueSource(search_engine_client(settings)),
        # What a closed model was asked is lost, and asked again.
        on_close=(lambda: None) if model is None else model.close,
        remembered=settings.query_understanding.remembered_plans,
    )
