"""What a learned mixing may look at: numbers from 0 to 1, each the same for every catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

FUSION = "fusion"
CROSS_ENCODER = "cross_encoder"


@dataclass(frozen=True, slots=True, kw_only=True)
class MixingFeature:
    """One number of a candidate within its window."""

    words: str
    """How an explanation names it, after "by"."""
    rises: bool = True
    """Whether more of it can only speak for a product: a model may then not learn the opposite from
    the accidents of some dozen queries."""


FEATURES: Mapping[str, MixingFeature] = MappingProxyType({
    FUSION: MixingFeature(words="fusion"),
    CROSS_ENCODER: MixingFeature(words="the cross-encoder"),
    "all_terms_rank": MixingFeature(words="its rank where every word has to match"),
    "some_terms_rank": MixingFeature(words="its rank where some words have to match"),
    "dense_rank": MixingFeature(words="its rank by meaning"),
    "dense_score": MixingFeature(words="its closeness in meaning"),
    "title_words": MixingFeature(words="the query's words in its title"),
    "title_focus": MixingFeature(words="a title about little else"),
    "attribute_words": MixingFeature(words="the query's words in its attributes"),
    "description_words": MixingFeature(words="the query's words in its description"),
    "any_words": MixingFeature(words="the query's words anywhere in it"),
    "type_words": MixingFeature(words="its type being named"),
    "brand": MixingFeature(words="its brand being named"),
    "query_kind": MixingFeature(words="the kind of product that the query is about"),
    "type_agreement": MixingFeature(words="other good candidates being of its type"),
    "title_length": MixingFeature(words="the length of its title", rises=False),
    "has_type": MixingFeature(words="having a type", rises=False),
    "price_place": MixingFeature(words="its price among the candidates'", rises=False),
})  # fmt: skip
"""By name, in the order of a feature matrix's columns; `retrieval` computes them."""
