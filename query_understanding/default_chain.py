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
from query_understanding.rules_file import RulesFile
from query_understanding.rules_rewriter import RulesRewriter
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


_RULES_BEFORE = "entities"
"""The shop's rules are written for words that are spelt right."""


def create_chain(settings: QueryUnderstandingSettings) -> RewriterChain:
    """Return the rewriters that are switched on, in their order, with their time budgets.

    Raises:
        RulesError: the file of rules cannot be read.
    """
    rewriters: list[Rewriter] = []
    for name, make in _UNITS if settings.enabled else ():
        if name == _RULES_BEFORE and settings.rules is not None:
            rules = RulesFile(settings.rules)
            rewriters.append(RulesRewriter(rules.current))
        if getattr(settings, name):
            rewriters.append(make())
    return RewriterChain(
        rewriters,
        budget_ms=settings.budget_ms,
        rewriter_budget_ms=settings.unit_budget_ms,
    )
