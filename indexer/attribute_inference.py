"""Which fields of a catalogue hold attributes, and in what arrangement."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping

from indexer.catalog_schema import AttributeType
from indexer.field_evidence import FieldEvidence
from indexer.field_names import name_key

_T = AttributeType
_KNOWN_PREFIX = re.compile(
    r"(?P<prefix>(?:attr|attrs|attribute|attributes|spec|specs|feature|features|property|pa|custom"
    r"|facet|filter|param|meta)[_.:\-])(?=.)",
    re.IGNORECASE,
)
_ANY_PREFIX = re.compile(r"(?P<prefix>[^\W_]+[_:])(?=.)")
_NOT_A_PREFIX = frozenset(("product_", "item_", "variant_", "article_", "google_", "g:", "goods_"))
_LEAST_OF_UNKNOWN_PREFIX = 10
_TAG_TYPES = {
    "t": _T.TEXT, "s": _T.TEXT, "txt": _T.TEXT, "str": _T.TEXT, "text": _T.TEXT, "string": _T.TEXT,
    "n": _T.NUMBER, "i": _T.NUMBER, "f": _T.NUMBER, "num": _T.NUMBER, "int": _T.NUMBER,
    "float": _T.NUMBER, "number": _T.NUMBER, "b": _T.BOOLEAN, "bool": _T.BOOLEAN,
    "boolean": _T.BOOLEAN,
}  # fmt: skip
_NAME_AND_VALUE_COLUMNS = (
    (r"(.*?option ?)(\d+)( name)", " value"),  # Shopify
    (r"(.*?attribute ?)(\d+)( name)", " value(s)"),  # WooCommerce
    (r"(.*?)(\d+)([ _]?name)", None),
)
_PACKED = re.compile(r"[^=:,;|]{1,60}[=:][^=]{1,200}(?:[,;|\n][^=:,;|]{1,60}[=:][^=]{1,200})*")
_PACKED_NAMES = frozenset(
    ("additional_attributes", "product_detail", "product_details", "attributes")
)


def attribute_prefixes(fields: Mapping[str, FieldEvidence]) -> dict[str, AttributeType]:
    """Find what the names of attribute columns begin with: `attr_`, or `attr_t_` and `attr_n_`.

    A prefix that says nothing by itself needs many, mostly empty fields.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    known: set[str] = set()
    for field in fields:
        match = _KNOWN_PREFIX.match(field)
        if match:
            known.add(match["prefix"])
        else:
            match = _ANY_PREFIX.match(field)
        if match and match["prefix"].lower() not in _NOT_A_PREFIX and "." not in field:
            groups[match["prefix"]].append(field)
    found: dict[str, AttributeType] = {}
    for prefix, members in groups.items():
        sparse = sum(fields[member].coverage for member in members) / len(members) < 0.6
        enough = len(members) >= (2 if prefix in known else _LEAST_OF_UNKNOWN_PREFIX)
        if enough and (prefix in known or sparse):
            found |= _by_tag(prefix, members)
    return found


def _by_tag(prefix: str, members: list[str]) -> dict[str, AttributeType]:
    tags = [member.removeprefix(prefix).partition("_")[0].lower() for member in members]
    tagged = all(tag in _TAG_TYPES for tag in tags) and len(set(tags)) > 1
    if not tagged:
        return {prefix: _T.ANY}
    # The untyped prefix too, for tags that the sample does not show.
    return {f"{prefix}{tag}_": _TAG_TYPES[tag] for tag in sorted(set(tags))} | {prefix: _T.ANY}


def attribute_columns(fields: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Find pairs of columns such as `Option1 Name` and `Option1 Value`, as patterns with `*`."""
    found: dict[tuple[str, str], None] = {}
    by_lower = {field.lower(): field for field in fields}
    for field in fields:
        for pattern, value_end in _NAME_AND_VALUE_COLUMNS:
            match = re.fullmatch(pattern, field, re.IGNORECASE)
            if match is None:
                continue
            start, number, end = match.groups()
            ending = value_end or end.lower().replace("name", "value")
            value = by_lower.get(f"{start}{number}{ending}".lower())
            if value is not None:
                tail = value[len(start) + len(number) :]
                found[f"{start}*{end}", f"{start}*{tail}"] = None
                break
    return tuple(found)


def is_packed(evidence: FieldEvidence) -> bool:
    """Tell a field with several attributes in one text."""
    if evidence.kind_share("text") < 0.9 or not evidence.texts:
        return False
    equals = sum("=" in text and "://" not in text for text in evidence.texts)
    matching = sum(bool(_PACKED.fullmatch(text)) for text in evidence.texts)
    by_name = name_key(evidence.name) in _PACKED_NAMES
    return matching > 0.8 * len(evidence.texts) and (by_name or equals > 0.8 * len(evidence.texts))


def attribute_type(evidence: FieldEvidence) -> AttributeType:
    """Return how a column's values are to be read, where the file itself has no types."""
    if evidence.kind_share("text") < 0.95:
        return _T.ANY
    flags = {value.casefold() for value in evidence.distinct}
    if flags <= {"0", "1"} and name_key(evidence.name).startswith(("is_", "has_")):
        return _T.BOOLEAN
    if evidence.share("number_text") > 0.95:
        return _T.ANY if evidence.share("leading_zero") else _T.NUMBER
    if evidence.share("boolean") > 0.95 and not flags <= {"0", "1"}:
        return _T.BOOLEAN
    return _T.ANY
