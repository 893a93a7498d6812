"""How well a field fits a role, from its name and its values, and why."""

from collections.abc import Callable
from dataclasses import dataclass

from indexer.catalog_schema import FieldRole
from indexer.field_evidence import PATH_SEPARATORS, FieldEvidence
from indexer.field_names import is_foreign, name_key, name_score
from indexer.language_codes import language_code

_R = FieldRole
# Magento and WooCommerce call so what kind of record it is, not what the thing is.
_RECORD_TYPES = frozenset(
    [
        "simple", "configurable", "virtual", "bundle", "grouped", "downloadable", "variable",
        "variation", "external",
    ]
)  # fmt: skip
_NAMES_OF_TITLES = ("name", "product_name")
LEAST_SCORE = 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleScore:
    """How well one field fits one role."""

    role: FieldRole
    field: str
    score: float
    """0 to 1."""
    why: str


def score_role(role: FieldRole, evidence: FieldEvidence) -> RoleScore:
    """Weigh name and values.

    The name proposes and the values dispose: a field whose values cannot be what its name says has
    a low score, and so has one that only looks right, except for texts and addresses, whose values
    alone say a lot.
    """
    named = name_score(role, evidence.name)
    fits, seen = _FITS[role](evidence)
    if is_foreign(evidence.name) and named == 0:
        fits = 0.0
    unnamed_weight = _BY_VALUES_ALONE.get(role, 0.0)
    score = (named or unnamed_weight) * fits
    reasons = ([f"named like {_ARTICLE[role]}"] if named else ["by its values"]) + [seen]
    return RoleScore(
        role=role, field=evidence.name, score=round(score, 3), why="; ".join(filter(None, reasons))
    )


_BY_VALUES_ALONE = {_R.TITLE: 0.55, _R.DESCRIPTION: 0.5, _R.IMAGE: 0.6, _R.URL: 0.5, _R.CODES: 0.6}
_ARTICLE = {
    _R.ID: "an id", _R.TITLE: "a title", _R.DESCRIPTION: "a description", _R.BRAND: "a brand",
    _R.CATEGORY: "a category", _R.PRODUCT_TYPE: "a product type", _R.PRICE: "a price",
    _R.CURRENCY: "a currency", _R.IMAGE: "a picture", _R.URL: "an address",
    _R.AVAILABILITY: "availability or stock", _R.RATING: "a rating",
    _R.POPULARITY: "a demand count",
    _R.RELEASED: "a date", _R.LANGUAGE: "a language", _R.CODES: "a product code",
    _R.VARIANT_GROUP: "a variant group",
}  # fmt: skip


def _percent(share: float) -> str:
    return f"{100 * min(share, 1.0):.0f} %"


def _id(e: FieldEvidence) -> tuple[float, str]:
    if e.mean_chars > 80 or e.mean_words > 2.5 or e.kind_share("list") or e.share("url") > 0.5:
        return 0.0, ""
    unique = e.distinct_share if e.counted > 1 else 1.0
    # Repeated ids are a flaw of the file or rows for variants; they are told apart later.
    return e.coverage * (0.5 + 0.5 * unique), f"{_percent(unique)} of the values differ"


def _title(e: FieldEvidence) -> tuple[float, str]:
    if e.kind_share("text") < 0.5 or e.share("url") > 0.2 or e.share("date") > 0.5:
        return 0.0, ""
    words = min(1.0, 0.3 + 0.7 * (e.mean_words - 1) / 3) if e.mean_words >= 1 else 0.2
    length = 1.0 if e.mean_chars <= 160 else max(0.1, 160 / e.mean_chars)
    unique = e.distinct_share if e.counted > 1 else 1.0
    code_like = 1 - 0.8 * e.share("code") - 0.5 * e.share("number_text") - 0.3 * e.share("html")
    score = e.coverage * (0.4 + 0.6 * unique) * words * length * max(0.1, code_like)
    return score, f"{e.mean_words:.0f} words on average, {_percent(unique)} differ"


def _description(e: FieldEvidence) -> tuple[float, str]:
    if e.kind_share("text") + e.kind_share("list") < 0.5 or e.share("url") > 0.2:
        return 0.0, ""
    long = min(1.0, e.mean_words / 12)
    return (0.3 + 0.7 * long) * (0.5 + 0.5 * e.coverage), f"{e.mean_words:.0f} words on average"


def _label(e: FieldEvidence) -> tuple[float, str]:
    """Short words that repeat among products: brands and types."""
    if e.kind_share("number") > 0.5 or e.kind_share("boolean") > 0.2 or e.mean_words > 6:
        return 0.0, ""
    if e.share("number_text") > 0.5 or e.share("url") > 0.2:
        return 0.0, ""
    repeats = f"{len(e.distinct)} different values"
    return 0.6 + 0.4 * e.coverage, f"{repeats}, filled in {_percent(e.coverage)}"


def _product_type(e: FieldEvidence) -> tuple[float, str]:
    values = {value.casefold() for value in e.distinct}
    if values and values <= _RECORD_TYPES:
        return 0.0, ""
    return _label(e) if best_separator(e)[1] < 0.3 else (0.0, "")


def _category(e: FieldEvidence) -> tuple[float, str]:
    if e.kind_share("number") > 0.5 or e.share("number_text") > 0.5 or e.mean_words > 15:
        return 0.0, ""
    separator, share = best_separator(e)
    seen = f'levels parted by "{separator.strip()}"' if share > 0.3 else f"{len(e.distinct)} values"
    return 0.6 + 0.4 * e.coverage, seen


def best_separator(e: FieldEvidence) -> tuple[str, float]:
    """Return what most often parts the levels of a path, and how often."""
    for separator in PATH_SEPARATORS:
        if (share := e.share(f"path {separator}")) > 0.3:
            return separator, share
    return "", 0.0


def _price(e: FieldEvidence) -> tuple[float, str]:
    numbers = len(e.numbers) / max(1, e.counted) + e.share("price")
    if numbers < 0.5 or e.share("date") > 0.3 or e.share("gtin") > 0.5:
        return 0.0, ""
    return numbers * (0.6 + 0.4 * e.coverage), f"numbers in {_percent(numbers)}"


def _number(e: FieldEvidence) -> tuple[float, str]:
    share = e.share("number")
    return (share if share > 0.5 else 0.0), f"numbers in {_percent(share)}"


def _rating(e: FieldEvidence) -> tuple[float, str]:
    numbers = e.numbers or [n for n in (_leading(text) for text in e.texts) if n is not None]
    if not numbers or max(numbers) > 100 or len(numbers) < 0.5 * e.counted:
        return 0.0, ""
    return 1.0, f"numbers up to {max(numbers):g}"


def _leading(text: str) -> float | None:
    try:
        return float(text.split(maxsplit=1)[0].replace(",", "."))
    except (ValueError, IndexError):
        return None


def _currency(e: FieldEvidence) -> tuple[float, str]:
    short = e.kind_share("text") > 0.9 and e.mean_chars <= 4
    return (1.0 if short else 0.0), ", ".join(sorted(e.distinct)[:3])


def _image(e: FieldEvidence) -> tuple[float, str]:
    pictures, addresses = e.share("image"), e.share("url")
    score = max(pictures, 0.7 * addresses if name_score(_R.IMAGE, e.name) else 0.0)
    return score, f"{_percent(max(pictures, addresses))} are addresses of pictures"


def _url(e: FieldEvidence) -> tuple[float, str]:
    score = max(0.0, e.share("url") - e.share("image"))
    return score, f"{_percent(score)} are addresses"


def _availability(e: FieldEvidence) -> tuple[float, str]:
    readable = (
        e.share("availability") + len(e.numbers) / max(1, e.counted) + e.kind_share("boolean")
    )
    return (min(1.0, readable) if readable > 0.5 else 0.0), "yes or no, stock words or counts"


def _released(e: FieldEvidence) -> tuple[float, str]:
    share = e.share("date")
    if e.numbers and all(6.3e8 < number < 4.2e12 for number in e.numbers):
        share = 1.0
    return (share if share > 0.5 else 0.0), f"dates in {_percent(share)}"


def _language(e: FieldEvidence) -> tuple[float, str]:
    known = all(language_code(value) for value in e.distinct) and len(e.distinct) <= 40
    return (1.0 if known and e.distinct else 0.0), ", ".join(sorted(e.distinct)[:3])


def _codes(e: FieldEvidence) -> tuple[float, str]:
    if e.share("gtin") > 0.6:
        return 1.0, f"{_percent(e.share('gtin'))} are valid product numbers (GTIN)"
    if e.kind_share("number") > 0.9 and e.distinct_share < 0.5:
        return 0.0, ""
    codes = e.share("code") + len(e.numbers) / max(1, e.counted)
    if name_score(_R.CODES, e.name) and codes >= 0.5:
        return codes, f"{_percent(codes)} look like codes"
    # A model such as `Galaxy S9` is a code too where the field says so; a plain name is none.
    modelled = name_key(e.name) not in _NAMES_OF_TITLES and e.distinct_share > 0.3
    if name_score(_R.CODES, e.name) and modelled and e.mean_words < 4:
        return 0.6, "short and mostly different"
    return 0.0, ""


def _group(e: FieldEvidence) -> tuple[float, str]:
    short = e.mean_words <= 2 and not e.kind_share("list") and e.kind_share("boolean") == 0
    return (1.0 if short else 0.0), f"{len(e.distinct)} different values"


_FITS: dict[FieldRole, Callable[[FieldEvidence], tuple[float, str]]] = {
    _R.ID: _id, _R.TITLE: _title, _R.DESCRIPTION: _description, _R.BRAND: _label,
    _R.CATEGORY: _category, _R.PRODUCT_TYPE: _product_type, _R.PRICE: _price,
    _R.CURRENCY: _currency, _R.IMAGE: _image, _R.URL: _url, _R.AVAILABILITY: _availability,
    _R.RATING: _rating, _R.POPULARITY: _number, _R.RELEASED: _released, _R.LANGUAGE: _language,
    _R.CODES: _codes, _R.VARIANT_GROUP: _group,
}  # fmt: skip
