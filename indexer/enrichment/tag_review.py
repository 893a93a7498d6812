"""A person's view of the tags in an index: written out, put right, and taken in again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from search_core import PERSON, Product, Tag, TagCorrection, TagKind, phrase_key
from search_engine import (
    Generations,
    GenerationState,
    OpenSearch,
    TagCorrectionStore,
    keeps_tags,
    scan_products,
    stored_tags,
    tags_of,
    write_tags,
)


class ReviewAction(StrEnum):
    """What a person wants of a tag."""

    KEEP = ""
    """Nothing."""
    ADD = "add"
    """The product has it, whatever is generated."""
    REMOVE = "remove"
    """The product must not have it."""
    RESET = "reset"
    """What a person said about it before is forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedTag:
    """One tag of one product in a review."""

    product_id: str
    title: str = ""
    """For the reader; not read back."""
    tag: str
    kind: TagKind = TagKind.ALTERNATIVE_NAME
    source: str = ""
    confidence: float | None = None
    action: ReviewAction = ReviewAction.KEEP


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewReport:
    """What an import of reviewed tags did, or would do."""

    alias: str
    added: int
    removed: int
    reset: int
    products: int
    """Whose tags a person has now put right."""
    unknown: tuple[str, ...]
    """Ids that the live generation does not have. Their corrections are kept all the same."""
    rewritten: int
    """Products of the live generation that have other tags now."""
    waiting: bool
    """The live generation is of an older version and cannot have tags: the next one will."""
    being_built: tuple[str, ...]
    """Generations that are under way, and may have read the corrections before."""
    dry_run: bool


def exported_tags(client: OpenSearch, alias: str) -> Iterator[ReviewedTag]:
    """Yield all tags of the live generation by product id, and those that a person removed.

    Raises:
        IndexNotFoundError: no generation is live.
        SearchEngineError: OpenSearch does not answer as it should.
    """
    live = Generations(client, alias).require_live().name
    corrections = TagCorrectionStore(client, alias).read()
    for document in scan_products(client, live, ("id", "title", "tags")):
        row = ReviewedTag(product_id=document["id"], title=document["title"], tag="")
        for tag in tags_of(document):
            yield replace(
                row, tag=tag.text, kind=tag.kind, source=tag.source, confidence=tag.confidence
            )
        correction = corrections.get(row.product_id)
        for text in correction.removed if correction else ():
            yield replace(row, tag=text, source=PERSON, action=ReviewAction.REMOVE)


def import_review(
    client: OpenSearch, alias: str, reviewed: Iterable[ReviewedTag], *, dry_run: bool = False
) -> ReviewReport:
    """Keep what a person said of tags, and put the live generation right.

    Raises:
        IndexNotFoundError: no generation is live.
        SearchEngineError: OpenSearch does not answer as it should.
    """
    generations = Generations(client, alias)
    live = generations.require_live().name
    store = TagCorrectionStore(client, alias)
    before = store.read()
    said = [each for each in reviewed if each.action is not ReviewAction.KEEP]
    changed: dict[str, TagCorrection] = {}
    for each in said:
        known = changed.get(each.product_id) or before.get(each.product_id)
        changed[each.product_id] = corrected(known, each)
    changed = {key: each for key, each in changed.items() if each != before.get(key)}
    present = stored_tags(client, live, (each.product_id for each in said))
    can_have_tags = keeps_tags(client, live)
    rewritten = _rewritten(changed, present) if can_have_tags else {}
    if not dry_run and changed:
        store.write(changed.values())
        write_tags(client, live, rewritten)
    after = {**before, **changed}
    actions = [each.action for each in said]
    return ReviewReport(
        alias=alias,
        added=actions.count(ReviewAction.ADD),
        removed=actions.count(ReviewAction.REMOVE),
        reset=actions.count(ReviewAction.RESET),
        products=sum(bool(each.added or each.removed) for each in after.values()),
        unknown=tuple(sorted({each.product_id for each in said} - present.keys())),
        rewritten=len(rewritten),
        waiting=not can_have_tags,
        being_built=tuple(
            each.name for each in generations.list() if each.state is GenerationState.BUILDING
        ),
        dry_run=dry_run,
    )


def corrected(known: TagCorrection | None, reviewed: ReviewedTag) -> TagCorrection:
    """Return what a person says of a product, once one more tag has been reviewed."""
    known = known or TagCorrection(product_id=reviewed.product_id)
    key = phrase_key(reviewed.tag)
    added = tuple(tag for tag in known.added if phrase_key(tag.text) != key)
    removed = tuple(text for text in known.removed if phrase_key(text) != key)
    if reviewed.action is ReviewAction.ADD:
        tag = Tag(text=reviewed.tag, kind=reviewed.kind, source=PERSON, confidence=1.0)
        added = (*added, tag)
    elif reviewed.action is ReviewAction.REMOVE:
        removed = (*removed, reviewed.tag)
    return TagCorrection(product_id=reviewed.product_id, added=added, removed=removed)


def _rewritten(
    changed: dict[str, TagCorrection], present: dict[str, tuple[Tag, ...]]
) -> dict[str, tuple[Tag, ...]]:
    rewritten = {}
    for product_id, correction in changed.items():
        if product_id not in present:
            continue
        before = present[product_id]
        # What a person gave earlier and no longer gives goes; the rest was generated.
        generated = tuple(tag for tag in before if tag.source != PERSON)
        product = Product(id=product_id, title="", tags=generated)
        after = correction.applied_to(product).tags
        if after != before:
            rewritten[product_id] = after
    return rewritten
