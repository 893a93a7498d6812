"""What a person should look at before trusting a proposed schema."""

from collections.abc import Iterable, Mapping

from indexer.catalog_schema import CatalogSchema, FieldRole
from indexer.field_evidence import FieldEvidence
from indexer.field_names import name_key
from indexer.language_detection import LanguageShare

_R = FieldRole
_ORDER_WORDS = ("invoice", "order", "customer")


def schema_warnings(
    evidence: Mapping[str, FieldEvidence],
    schema: CatalogSchema,
    languages: tuple[LanguageShare, ...],
    price_assumption: str | None,
) -> tuple[str, ...]:
    """Return assumptions and oddities, the gravest first."""
    return tuple(_warnings(evidence, schema, languages, price_assumption))


def _warnings(
    evidence: Mapping[str, FieldEvidence],
    schema: CatalogSchema,
    languages: tuple[LanguageShare, ...],
    price_assumption: str | None,
) -> Iterable[str]:
    ids = [evidence[field] for field in schema.of(_R.ID)]
    if not ids:
        yield (
            "no field looks like an id: each product gets one from its content, and changes it "
            "whenever the row changes. If one is an id, name it: id = … under [fields]"
        )
    elif ids[0].distinct_share < 0.98 and ids[0].counted > 1:
        repeated = 100 * (1 - ids[0].distinct_share)
        orders = any(name_key(field).startswith(_ORDER_WORDS) for field in evidence)
        what = "this looks like a list of orders, not of products" if orders else "see the rejects"
        name = ids[0].name
        yield f"{repeated:.0f} % of the values of {name} repeat: only the first counts; {what}"
    if price_assumption:
        yield price_assumption
    if schema.of(_R.PRICE) and not schema.currency and not schema.of(_R.CURRENCY):
        yield "nothing says which currency the prices are in: set currency under [price]"
    titles = [evidence[field] for field in schema.of(_R.TITLE)]
    if titles and titles[0].coverage < 0.98:
        missing = 100 * (1 - titles[0].coverage)
        yield f"{missing:.0f} % of the rows have no {titles[0].name}, and are set aside"
    if (several := language_warning(schema, languages)) is not None:
        yield several


def language_warning(schema: CatalogSchema, languages: tuple[LanguageShare, ...]) -> str | None:
    """Return what to look at where each product's language is found out; `None` where it is not."""
    if len(schema.languages) < 2:
        return None
    shares = ", ".join(f"{share.language} {100 * share.share:.0f} %" for share in languages)
    return (
        f"the catalogue is in several languages ({shares}): told apart for each product. "
        "If it is in one, say so: --language, or languages = … under [language]"
    )
