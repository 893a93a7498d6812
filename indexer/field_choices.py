"""Gives each role its fields, from the scores."""

from collections.abc import Mapping

from indexer.catalog_schema import FieldRole
from indexer.field_evidence import FieldEvidence
from indexer.field_names import name_score
from indexer.role_scoring import LEAST_SCORE, RoleScore, best_separator, score_role

_R = FieldRole
# Roles that are least easily mistaken, or that others depend on, choose first.
_ORDER = (
    _R.TITLE, _R.ID, _R.PRICE, _R.CURRENCY, _R.IMAGE, _R.URL, _R.CATEGORY, _R.PRODUCT_TYPE,
    _R.BRAND, _R.DESCRIPTION, _R.AVAILABILITY, _R.RATING, _R.POPULARITY, _R.RELEASED, _R.LANGUAGE,
    _R.VARIANT_GROUP, _R.CODES,
)  # fmt: skip
_MOST_FIELDS = {_R.DESCRIPTION: 3, _R.CATEGORY: 4, _R.CODES: 6, _R.PRICE: 2}
# Without a title there is no product: a doubtful one is taken, and its confidence says so.
_LEAST = {_R.TITLE: 0.2}
# A short description is no worse for being short, and a model number for not always being one.
_LEAST_OF_FURTHER_FIELD = {_R.DESCRIPTION: 0.35, _R.CODES: 0.35}
# Attribute columns (`attr_t_brand`) may be these as well, when no field of the product is.
_ROLES_OF_ATTRIBUTES = (_R.BRAND, _R.PRODUCT_TYPE)


def choose_fields(
    evidence: Mapping[str, FieldEvidence], attributes: Mapping[str, str]
) -> dict[FieldRole, list[RoleScore]]:
    """Return the fields of each role that has any, the first to be read first.

    Args:
        evidence: of the fields that may have roles.
        attributes: attribute columns → their names without prefix and type.
    """
    chosen: dict[FieldRole, list[RoleScore]] = {}
    used: set[str] = set()
    for role in _ORDER:
        scores = sorted(
            (
                score_role(role, evidence[field])
                for field in evidence
                if field not in attributes and (field not in used or _shared(role, field, chosen))
            ),
            key=lambda score: (-score.score, score.field),
        )
        best = [score for score in scores if score.score >= _LEAST.get(role, LEAST_SCORE)]
        if best:
            chosen[role] = _fields_of(role, best, evidence)
        elif role in _ROLES_OF_ATTRIBUTES:
            chosen |= _from_attributes(role, evidence, attributes)
        used |= {score.field for score in chosen.get(role, [])}
    return chosen


def _shared(role: FieldRole, field: str, chosen: Mapping[FieldRole, list[RoleScore]]) -> bool:
    """An id that is a SKU or EAN is a code too: shoppers type it."""
    is_id = any(score.field == field for score in chosen.get(_R.ID, []))
    return role is _R.CODES and is_id and name_score(_R.CODES, field) > 0


def _fields_of(
    role: FieldRole, best: list[RoleScore], evidence: Mapping[str, FieldEvidence]
) -> list[RoleScore]:
    first = best[0]
    most = _MOST_FIELDS.get(role, 1)
    least = _LEAST_OF_FURTHER_FIELD.get(role, 0.5)
    several = [
        score
        for score in best[1:]
        if score.score >= least
        and (name_score(role, score.field) or role is _R.CODES)
        and not (role is _R.CATEGORY and _is_rather_a_type(score, evidence))
    ]
    taken = [first, *several][:most]
    if role is _R.DESCRIPTION:
        taken.sort(key=lambda score: evidence[score.field].mean_words)
    elif role is _R.PRICE:
        taken.sort(key=lambda score: -name_score(role, score.field))
    elif role is _R.CATEGORY:
        paths = [score for score in taken if best_separator(evidence[score.field])[1] > 0.3]
        lists = [score for score in taken if evidence[score.field].kind_share("list") > 0.5]
        if paths or lists:
            return (paths or lists)[:1]
        # A department has fewer values than the categories in it.
        taken.sort(key=lambda score: len(evidence[score.field].distinct))
    return taken


def _is_rather_a_type(score: RoleScore, evidence: Mapping[str, FieldEvidence]) -> bool:
    """A `product_type` is a category where there is no other, or where it holds a path."""
    return score_role(_R.PRODUCT_TYPE, evidence[score.field]).score > score.score


def _from_attributes(
    role: FieldRole, evidence: Mapping[str, FieldEvidence], attributes: Mapping[str, str]
) -> dict[FieldRole, list[RoleScore]]:
    for field, name in attributes.items():
        # Only the full name: a column for the type of the cable is not the type of the product.
        if name_score(role, name) and name.lower() not in ("type", "item_type"):
            share = evidence[field].coverage
            why = f"an attribute named like it, filled in {100 * share:.0f} %"
            return {role: [RoleScore(role=role, field=field, score=0.5, why=why)]}
    return {}
