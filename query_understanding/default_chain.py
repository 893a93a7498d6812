"""The chain that the settings ask for."""

from collections.abc import Callable

from query_understanding.compounds import CompoundRewriter
from query_understanding.entities import EntityRewriter
from query_understanding.negation import NegationRewriter
from query_understanding.price_rewriter import PriceRewriter
from query_understanding.product_kinds import ProductKindRewriter
from query_understanding.quantity_rewriter import QuantityRewriter
from query_understanding.rewriter import Rewriter
from query_understanding.rewriter_chain import RewriterChain
from query_understanding.spelling import SpellingRewriter
from query_understanding.text_normalizer import TextNormalizer
from search_core.settings import QueryUnderstandingSettings

# In the order in which they run: what is taken out of the text goes before what reads its words,
# and words are put right before they are looked up. Each name is a setting that switches it.
_UNITS: tuple[tuple[str, Callable[[], Rewriter]], ...] = (
    ("normalize", TextNormalizer),
    ("price", PriceRewriter),
    ("negation", NegationRewriter),
    ("quantities", QuantityRewriter),
    ("compounds", CompoundRewriter),
    ("spelling", SpellingRewriter),
    ("entities", EntityRewriter),
    ("product_kinds", ProductKindRewriter),
)


def create_chain(settings: QueryUnderstandingSettings) -> RewriterChain:
    """Return the rewriters that are switched on, in their order, with their time budgets."""
    wanted = [make for name, make in _UNITS if settings.enabled and getattr(settings, name)]
    return RewriterChain(
        [make() for make in wanted],
        budget_ms=settings.budget_ms,
        rewriter_budget_ms=settings.unit_budget_ms,
    )
