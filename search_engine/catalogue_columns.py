"""Which field of a product each column of the catalogue became, as the generation itself says."""

import tomllib
from collections.abc import Mapping
from typing import Any

from search_core import attribute_key
from search_engine.generation_status import GENERATION_KEY

_SEARCHED_AS = {"availability": "available"}
"""Roles of catalog.toml whose field is called otherwise."""


def catalogue_columns(mappings: Mapping[str, Any]) -> dict[str, str]:
    """Return column → field of the product, the columns as `attribute_key` has them.

    Args:
        mappings: of an index; one that was not made by `shopkeeper reindex` says nothing.
    """
    ours = mappings.get("_meta", {}).get("shopkeeper", {})
    text = ours.get(GENERATION_KEY, {}).get("inputs", {}).get("catalog_toml", "")
    try:
        roles = tomllib.loads(text).get("fields", {})
    except tomllib.TOMLDecodeError:
        return {}
    return {
        attribute_key(column): _SEARCHED_AS.get(role, role)
        for role, columns in roles.items()
        for column in ([columns] if isinstance(columns, str) else columns)
    }
