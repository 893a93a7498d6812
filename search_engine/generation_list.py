"""The generations that an OpenSearch holds."""

from opensearchpy import OpenSearch

from search_engine.connection import translated_errors
from search_engine.generation_status import GenerationStatus, generation_of


def list_generations(client: OpenSearch, alias: str | None = None) -> tuple[GenerationStatus, ...]:
    """List generations by alias, newest first.

    Args:
        client: connection to OpenSearch.
        alias: only this one's; `None`: those of every alias.

    Raises:
        SearchEngineError: OpenSearch does not answer as it should.
    """
    pattern = "*" if alias is None else f"{alias}-*"
    with translated_errors():
        answer = client.indices.get(
            index=pattern,
            params={
                "expand_wildcards": "open,closed,hidden",
                "filter_path": "*.aliases,*.mappings._meta,*.settings.index.creation_date",
            },
        )
    found = [generation_of(name, index) for name, index in answer.items()]
    # `products-*` also matches the generations of an alias `products-sale`.
    ours = [g for g in found if g is not None and alias in (None, g.alias)]
    newest_first = sorted(ours, key=lambda generation: generation.created_at, reverse=True)
    return tuple(sorted(newest_first, key=lambda generation: generation.alias))
