"""The generator that needs no model: rules, and what they learned of the catalogue."""

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from indexer.enrichment.alternative_names import NameModel, learn_names
from indexer.enrichment.key_phrases import PhraseModel, learn_phrases
from indexer.enrichment.measure_wordings import measure_tags
from indexer.enrichment.product_kinds import KindModel, learn_kinds
from indexer.enrichment.read_product import ReadProduct
from indexer.enrichment.uses import use_tags
from search_core import Product, Tag
from search_core.settings import TagSettings

_logger = logging.getLogger(__name__)

_VERSION = 1
"""Raised whenever the rules give other tags for the same catalogue."""

_Rule = Callable[[ReadProduct], Iterator[Tag]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TagKnowledge:
    """What was learned of a catalogue, from a sample of it."""

    digest: str
    """Of the sample: two generators that learned from the same products give the same tags."""
    kinds: KindModel
    names: NameModel
    phrases: PhraseModel

    def as_record(self) -> dict[str, Any]:
        """Return a JSON form."""
        return {
            "version": _VERSION,
            "digest": self.digest,
            "kinds": self.kinds.as_record(),
            "names": self.names.as_record(),
            "phrases": self.phrases.as_record(),
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "TagKnowledge | None":
        """Read what `as_record` wrote; `None` when that was another version."""
        if record.get("version") != _VERSION:
            return None
        return cls(
            digest=record["digest"],
            kinds=KindModel.from_record(record["kinds"]),
            names=NameModel.from_record(record["names"]),
            phrases=PhraseModel.from_record(record["phrases"]),
        )


def learn_knowledge(sample: Sequence[Product], settings: TagSettings) -> TagKnowledge:
    """Learn what the rules need, from products that stand for the catalogue.

    Args:
        sample: products in the catalogue's order; the same ones give the same knowledge.
        settings: rules that are off learn nothing.
    """
    digest = hashlib.blake2b(digest_size=8)
    for product in sample:
        said = (product.id, product.title, product.description, product.brand, product.product_type)
        facts = (said, product.category_path, product.language, product.attributes)
        digest.update(orjson.dumps(facts, default=str))
    read = [ReadProduct(product=product) for product in sample]
    return TagKnowledge(
        digest=digest.hexdigest(),
        kinds=learn_kinds(read if settings.product_kinds else ()),
        names=learn_names(read if settings.alternative_names else ()),
        phrases=learn_phrases(read if settings.key_phrases else ()),
    )


class CatalogueTags:
    """Generates tags by rules; see `TagGenerator`."""

    def __init__(self, knowledge: TagKnowledge, settings: TagSettings) -> None:
        # What says most about the product comes first: a long list is cut at its end.
        rules: dict[str, tuple[bool, _Rule]] = {
            "kinds": (settings.product_kinds, knowledge.kinds.tags),
            "names": (settings.alternative_names, knowledge.names.tags),
            "uses": (settings.uses, use_tags),
            "phrases": (settings.key_phrases, knowledge.phrases.tags),
            "measures": (settings.measures, measure_tags),
        }
        self._rules = tuple(rule for on, rule in rules.values() if on)
        names = "+".join(name for name, (on, _) in rules.items() if on)
        self._identity = f"catalogue-v{_VERSION}:{names}@{knowledge.digest}"

    @property
    def identity(self) -> str:
        """Version, rules and digest of what was learned."""
        return self._identity

    def generate(self, products: Sequence[Product]) -> list[tuple[Tag, ...]]:
        """Propose tags; see `TagGenerator.generate`."""
        return [self._tags(product) for product in products]

    def _tags(self, product: Product) -> tuple[Tag, ...]:
        read = ReadProduct(product=product)
        return tuple(tag for rule in self._rules for tag in rule(read))
