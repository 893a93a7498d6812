"""`ext.ubi` of a search: that it is to be kept, and for whom it was asked."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from search_core import MalformedRequestError

Body = dict[str, Any]
ShortText = Annotated[str, Field(max_length=100)]


class UbiRequest(BaseModel):
    """The content of `ext.ubi`, as the UBI schema 1.2 says; names it does not know are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    query_id: ShortText | None = None
    """Ties events to this search; by default one is made, and told in the answer."""
    client_id: ShortText | None = None
    """Browser, device or account that searches. Kept as a pseudonym, or not at all."""
    user_query: Annotated[str, Field(max_length=10_000)] | None = None
    """What the shopper typed; by default the words that are searched for."""
    object_id_field: ShortText | None = None
    """Field whose values name the hits; by default their ids."""
    application: ShortText | None = None
    """Which part of the shop searches, e.g. `type-ahead`."""
    query_attributes: dict[str, Any] = {}
    """Filters, experiments, and what else should be known of the search."""


def has_ubi(body: Mapping[str, Any]) -> bool:
    """Say whether a search asks to be kept."""
    return isinstance(body.get("ext"), Mapping) and "ubi" in body["ext"]


def read_ubi(body: Mapping[str, Any]) -> UbiRequest | None:
    """Read a search's `ext.ubi`; `None`: it has none.

    Raises:
        MalformedRequestError: a value of the wrong type or length; it is named.
    """
    if not has_ubi(body):
        return None
    try:
        return UbiRequest.model_validate(body["ext"]["ubi"])
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(["ext.ubi", *(str(part) for part in problem["loc"])])
        raise MalformedRequestError(
            f"{place}: {problem['msg']}", remedy="docs/events.md lists what ext.ubi can have"
        ) from error


def without_ubi(body: Body) -> Body:
    """Return a body without `ext.ubi`, which an OpenSearch without the plugin refuses."""
    rest = {key: value for key, value in body["ext"].items() if key != "ubi"}
    stripped = {key: value for key, value in body.items() if key != "ext"}
    return {**stripped, "ext": rest} if rest else stripped
