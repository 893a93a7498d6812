"""`shopkeeper search`."""

import asyncio
from typing import TYPE_CHECKING

import click

from shopkeeper.settings_options import settings_options

if TYPE_CHECKING:
    from retrieval import SearchRequest, SearchResponse
    from search_core.settings import Settings

_EXAMPLES = """\b
Examples:
  shopkeeper search "red dress"
  shopkeeper search "toner" --filter brand=HP --filter "price<50" --facet brand
  shopkeeper search "dv7-1211ea" --explain
  shopkeeper search "床单 纯棉" --index bedding --json
"""


@click.command(epilog=_EXAMPLES)
@click.argument("text")
@click.option("--index", default="products", show_default=True, help="Alias or generation.")
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="FILTER",
    help="field=value, field=a|b, field!=value, field<number (also <=, >, >=); repeatable. Fields "
    "are product fields or names of attributes.",
)
@click.option("--facet", "facets", multiple=True, metavar="FIELD", help="Count values; repeatable.")
@click.option(
    "--sort",
    default="relevance",
    show_default=True,
    help="relevance, newest, cheapest, or price, rating, popularity, released with :asc or :desc.",
)
@click.option("--size", default=10, show_default=True, help="Products on a page.")
@click.option("--page", default=1, show_default=True, help="Page, from 1.")
@click.option("--collapse/--no-collapse", default=None, help="One product a variant group.")
@click.option("--explain", is_flag=True, help="Say why each hit stands where it does.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@settings_options
def search(
    text: str,
    index: str,
    filters: tuple[str, ...],
    facets: tuple[str, ...],
    sort: str,
    size: int,
    page: int,
    collapse: bool | None,
    explain: bool,
    as_json: bool,
    settings: "Settings",
) -> None:
    """Search an index from the terminal.

    TEXT is what a shopper types; empty text ("") lists everything that the filters keep.
    """
    from retrieval import SearchRequest, parse_filter, parse_sort
    from search_core import QueryPlan
    from shopkeeper.console import emit_json, note
    from shopkeeper.search_output import print_response

    plan = QueryPlan.plain(text, tuple(parse_filter(each) for each in filters))
    request = SearchRequest(
        plan=plan,
        offset=(page - 1) * size,
        size=size,
        facets=facets,
        sort=parse_sort(sort),
        collapse_variants=collapse,
        explain=explain,
    )
    response = asyncio.run(_answer(settings, index, request))
    if as_json:
        for each in response.unknown_names:
            note(f"warning: {each.sentence}")
        emit_json(response)
    else:
        print_response(response, request, explained=explain)


async def _answer(settings: "Settings", index: str, request: "SearchRequest") -> "SearchResponse":
    from dataclasses import replace

    from shopkeeper.composition import open_name_check, open_retriever, query_understanding
    from shopkeeper.console import progress

    asked = request.plan
    understanding = query_understanding(settings)
    if understanding is not None:
        plan = await understanding.plan(index, asked.original_text, asked.filters)
        request = replace(request, plan=plan)

    with progress() as listener:
        async with open_retriever(settings, listener) as retriever:
            # The first query of a process also loads the model, which no later one waits for.
            await retriever.warm_up(index)
            response = await retriever.search(index, request)
        async with open_name_check(settings) as names:
            unknown = await names.unknown(
                index,
                filters=response.plan.filters,  # those of the shop's rules too
                facets=response.facets,
                hits=response.hits,
                found=response.total > 0,
                headers=request.headers,
            )
    return replace(response, unknown_names=unknown)
