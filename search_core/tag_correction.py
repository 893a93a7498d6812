"""What a person says about the tags of a product."""

from dataclasses import dataclass, replace

from search_core.product import Product, Tag
from search_core.product_words import phrase_key

PERSON = "person"
"""Source of the tags that a person gave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagCorrection:
    """Tags that a product gets, or must not get, whatever a generator proposes."""

    product_id: str
    added: tuple[Tag, ...] = ()
    removed: tuple[str, ...] = ()
    """Texts; case, width and plurals do not matter."""

    def applied_to(self, product: Product) -> Product:
        """Return the product with its tags put right: what a person gave comes first."""
        given = {phrase_key(tag.text) for tag in self.added}
        left_out = given | {phrase_key(text) for text in self.removed}
        generated = tuple(tag for tag in product.tags if phrase_key(tag.text) not in left_out)
        return replace(product, tags=(*self.added, *generated))
