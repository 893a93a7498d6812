"""Proposes what each field of a catalogue means, from the fields' names and values."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from indexer.attribute_inference import (
    attribute_columns,
    attribute_prefixes,
    attribute_type,
    is_packed,
)
from indexer.catalog_description import CatalogSample
from indexer.catalog_schema import AttributeType, CatalogSchema, FieldRole, PriceUnit
from indexer.field_choices import choose_fields
from indexer.field_evidence import FieldEvidence, gather_evidence
from indexer.field_names import is_foreign, name_key, name_score
from indexer.field_path import value_at
from indexer.field_plan import FieldPlans, FieldUse
from indexer.inference_warnings import schema_warnings
from indexer.language_detection import LanguageShare, language_shares
from indexer.price_evidence import constant_currency, decimal_mark, price_unit
from indexer.role_scoring import RoleScore, best_separator
from indexer.rows import Row
from indexer.value_lists import list_separator
from search_core import CatalogSchemaError

_R = FieldRole
ATTRIBUTE = "attribute"
IGNORED = "ignored"
_MAIN_SHARE = 0.92
"""A language with more of the catalogue than this is every product's."""
_TEXTS_FOR_LANGUAGE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChoice:
    """What one field was taken for."""

    field: str
    role: str
    """A `FieldRole`, `attribute` or `ignored`."""
    confidence: float
    """0 to 1."""
    why: str
    coverage: float
    """Share of the sample's rows that fill the field."""
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InferredSchema:
    """A proposed schema, and the grounds for it."""

    schema: CatalogSchema
    choices: tuple[FieldChoice, ...]
    """Roles first, then attributes by how many rows fill them, then what is ignored."""
    languages: tuple[LanguageShare, ...]
    warnings: tuple[str, ...]
    """Assumptions and oddities that a person should look at."""


def infer_schema(sample: CatalogSample) -> InferredSchema:
    """Propose a schema.

    Raises:
        CatalogSchemaError: no field can serve as title, or no row could be read.
    """
    evidence = gather_evidence(sample.rows)
    if not evidence:
        raise CatalogSchemaError(
            f"none of the {len(sample.rows) + len(sample.broken)} rows looked at holds a field",
            remedy="look at the rejects: the file may be broken, or not be what it seems",
        )
    prefixes = attribute_prefixes(evidence)
    columns = attribute_columns(evidence)
    stripped = _attribute_columns_without_prefix(evidence, prefixes)
    in_pairs = _fields_in_pairs(evidence, columns)
    open_fields = {name: found for name, found in evidence.items() if name not in in_pairs}
    chosen = choose_fields(open_fields, stripped)
    if _R.TITLE not in chosen:
        raise CatalogSchemaError(
            f"no field can serve as title; there are {', '.join(list(evidence)[:20])}",
            remedy="write a catalog.toml that names it: title = … under [fields]",
        )
    languages = language_shares(_texts(sample.rows, chosen))
    packed = tuple(
        name
        for name, e in open_fields.items()
        if name not in stripped and not _has_role(chosen, name) and is_packed(e)
    )
    ignored = _ignored(open_fields, chosen, stripped, packed)
    schema, assumption = _schema(
        evidence, chosen, languages, prefixes=prefixes, columns=columns, packed=packed,
        ignored=ignored,
    )  # fmt: skip
    return InferredSchema(
        schema=schema,
        choices=tuple(_choices(evidence, chosen, schema, ignored)),
        languages=languages,
        warnings=schema_warnings(evidence, schema, languages, assumption),
    )


def _has_role(chosen: Mapping[FieldRole, list[RoleScore]], field: str) -> bool:
    return any(score.field == field for scores in chosen.values() for score in scores)


def _attribute_columns_without_prefix(
    evidence: Iterable[str], prefixes: Iterable[str]
) -> dict[str, str]:
    longest_first = sorted(prefixes, key=len, reverse=True)
    return {
        field: field.removeprefix(prefix)
        for field in evidence
        for prefix in [next((p for p in longest_first if field.startswith(p)), None)]
        if prefix is not None
    }


def _fields_in_pairs(
    evidence: Iterable[str], columns: tuple[tuple[str, str], ...]
) -> frozenset[str]:
    if not columns:
        return frozenset()
    plans = FieldPlans(CatalogSchema(fields={}, attribute_columns=columns))
    return frozenset(field for field in evidence if plans.plan(field).use is not FieldUse.ATTRIBUTE)


def _texts(rows: Iterable[Row], chosen: Mapping[FieldRole, list[RoleScore]]) -> list[str]:
    fields = [s.field for role in (_R.TITLE, _R.DESCRIPTION) for s in chosen.get(role, [])]
    found = []
    for row in rows:
        values = (value_at(row.values, field) for field in fields)
        text = " ".join(value for value in values if isinstance(value, str))
        if text.strip():
            found.append(text)
    step = max(1, len(found) // _TEXTS_FOR_LANGUAGE)
    return found[::step]


def _ignored(
    fields: Mapping[str, FieldEvidence],
    chosen: Mapping[FieldRole, list[RoleScore]],
    stripped: Mapping[str, str],
    packed: tuple[str, ...],
) -> dict[str, str]:
    """Return the fields that say nothing to a shopper, each with the reason."""
    reasons: dict[str, str] = {}
    for name, e in fields.items():
        if _has_role(chosen, name) or name in stripped or name in packed:
            continue
        key = name_key(name)
        if is_foreign(name):
            reasons[name] = "belongs to orders, people or bookkeeping by its name"
        elif e.share("image") > 0.5 or e.share("url") > 0.5:
            reasons[name] = "addresses"
        elif e.share("html") > 0.5 or e.mean_words > 60:
            reasons[name] = "long text or markup"
        elif key.endswith("_id") or key == "id":
            reasons[name] = "an id of something else"
        elif name_score(_R.PRICE, name) > 0:
            reasons[name] = "another price"
    return reasons


def _schema(
    evidence: Mapping[str, FieldEvidence],
    chosen: Mapping[FieldRole, list[RoleScore]],
    languages: tuple[LanguageShare, ...],
    *,
    prefixes: Mapping[str, AttributeType],
    columns: tuple[tuple[str, str], ...],
    packed: tuple[str, ...],
    ignored: Mapping[str, str],
) -> tuple[CatalogSchema, str | None]:
    prices = [evidence[score.field] for score in chosen.get(_R.PRICE, [])]
    main = languages[0].language if languages else None
    currency = constant_currency(prices[0]) if prices else None
    unit, assumption = price_unit(prices[0], currency, main) if prices else (PriceUnit.MAIN, None)
    category = chosen.get(_R.CATEGORY, [])
    separator = best_separator(evidence[category[0].field])[0] if category else ""
    several = not languages or languages[0].share < _MAIN_SHARE
    schema = CatalogSchema(
        fields={role: tuple(score.field for score in scores) for role, scores in chosen.items()},
        category_separator=separator or None,
        category_list_separator=_list_separator(evidence[category[0].field], separator)
        if separator
        else None,
        price_unit=unit,
        currency=currency,
        decimal_mark=decimal_mark(prices or evidence.values()),
        languages=tuple(share.language for share in languages if several or share.language == main),
        attributes=tuple(_nested_attributes(evidence, chosen, ignored)),
        attribute_prefixes=prefixes,
        attribute_columns=columns,
        packed_attributes=packed,
        attribute_types=_types(evidence, chosen, prefixes, ignored),
        value_separators=_separators(
            evidence, chosen, (*_fields_in_pairs(evidence, columns), *packed, *ignored)
        ),
        ignored=tuple(ignored),
    )
    return schema, assumption


def _list_separator(evidence: FieldEvidence, separator: str) -> str | None:
    """Return the comma that parts several paths in one field: what follows it begins a path."""
    mark = separator.strip()
    roots = {text.split(mark)[0].strip() for text in evidence.texts}
    parts = [
        part.split(mark)[0].strip()
        for text in evidence.texts
        if "," in text
        for part in text.split(",")[1:]
    ]
    return "," if parts and sum(part in roots for part in parts) > 0.6 * len(parts) else None


def _nested_attributes(
    evidence: Mapping[str, FieldEvidence],
    chosen: Mapping[FieldRole, list[RoleScore]],
    ignored: Mapping[str, str],
) -> Iterable[str]:
    """Yield paths beside one that has a role: `variants.color`, where `variants.price` is used."""
    heads = {
        score.field.partition(".")[0]
        for scores in chosen.values()
        for score in scores
        if "." in score.field
    }
    for field, e in evidence.items():
        head, dot, _ = field.partition(".")
        free = field not in ignored and not _has_role(chosen, field)
        if dot and head in heads and free and e.mean_words < 8:
            yield field


def _types(
    evidence: Mapping[str, FieldEvidence],
    chosen: Mapping[FieldRole, list[RoleScore]],
    prefixes: Mapping[str, AttributeType],
    ignored: Mapping[str, str],
) -> dict[str, AttributeType]:
    return {
        field: kind
        for field, e in evidence.items()
        if not _has_role(chosen, field)
        and field not in ignored
        and not field.startswith(tuple(prefixes))
        and (kind := attribute_type(e)) is not AttributeType.ANY
    }


def _separators(
    evidence: Mapping[str, FieldEvidence],
    chosen: Mapping[FieldRole, list[RoleScore]],
    others: Collection[str],
) -> dict[str, str]:
    """Return by field what parts the values in its cells, for attributes that have several."""
    return {
        field: separator
        for field, e in evidence.items()
        if not _has_role(chosen, field)
        and field not in others
        # Values within objects are read without their path.
        and "." not in field
        and (separator := list_separator(e)) is not None
    }


def _choices(
    evidence: Mapping[str, FieldEvidence],
    chosen: Mapping[FieldRole, list[RoleScore]],
    schema: CatalogSchema,
    ignored: Mapping[str, str],
) -> Iterable[FieldChoice]:
    for role in FieldRole:
        for score in chosen.get(role, []):
            yield _choice(evidence[score.field], role.value, min(score.score, 0.99), score.why)
    rest = [e for name, e in evidence.items() if not _has_role(chosen, name)]
    for e in sorted(rest, key=lambda e: (-e.filled, e.name)):
        if e.name not in ignored:
            yield _choice(e, ATTRIBUTE, 0.9, _why_attribute(e, schema))
    for field, why in ignored.items():
        yield _choice(evidence[field], IGNORED, 0.7, why)


def _why_attribute(e: FieldEvidence, schema: CatalogSchema) -> str:
    if e.name in schema.value_separators:
        return f'several values, parted by "{schema.value_separators[e.name]}"'
    prefix = max((p for p in schema.attribute_prefixes if e.name.startswith(p)), default="")
    if prefix:
        kind = schema.attribute_prefixes[prefix]
        return f'begins with "{prefix}"' + ("" if kind is AttributeType.ANY else f": {kind}")
    if e.kind_share("pairs") > 0.5:
        return "pairs of name and value"
    if e.name in schema.packed_attributes:
        return "several attributes in one text"
    kind = schema.attribute_types.get(e.name, AttributeType.ANY)
    return "no other role" if kind is AttributeType.ANY else f"no other role; {kind} values"


def _choice(e: FieldEvidence, role: str, confidence: float, why: str) -> FieldChoice:
    return FieldChoice(
        field=e.name,
        role=role,
        confidence=confidence,
        why=why,
        coverage=e.coverage,
        examples=tuple(example[:80] for example in e.examples),
    )
