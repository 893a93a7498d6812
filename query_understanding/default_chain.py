"""The chain that the settings ask for."""

from collections.abc import Callable
from functools import partial

from query_understanding.categories.category_rewriter import CategoryRewriter
from query_understanding.categories.product_kinds import ProductKindRewriter
from query_understanding.codes import CodeRewriter
from query_understanding.entities import EntityRewriter
from query_understanding.intents.intent_rewriter import IntentRewriter
from query_understanding.leg_weights import LegWeightRewriter
from query_understanding.llm_rewriter import LlmRewriter
from query_understanding.named_entities import NamedEntityRewriter
from query_understanding.negation import NegationRewriter
from query_understanding.other_forms import acronym_rewriter, plural_rewriter
from query_understanding.quantities.number_ranges import NumberRangeRewriter
from query_understanding.quantities.price_rewriter import PriceRewriter
from query_understanding.quantities.quantity_rewriter import QuantityRewriter
from query_understanding.relaxation import RelaxationRewriter
from query_understanding.rewriter import Rewriter
from query_understanding.rewriter_chain import RewriterChain
from query_understanding.rules.querqy_rules import QueryRule
from query_understanding.rules.rules_file import RulesFile
from query_understanding.rules.rules_rewriter import RulesRewriter
from query_understanding.spelling.compounds import CompoundRewriter
from query_understanding.spelling.meant_text import MeantTextReader
from query_understanding.spelling.operators import OperatorRewriter
from query_understanding.spelling.spelling import SpellingRewriter
from query_understanding.text_normalizer import TextNormalizer
from query_understanding.trained_models import intent_teller, trained_categories
from query_understanding.word_languages import LanguageRewriter
from search_core import LanguageModel
from search_core.settings import QueryUnderstandingSettings

# In the order in which they run: what is taken out of the text goes before what reads its words,
# and words are put right before they are looked up. Each name is a setting that switches it.
_UNITS: tuple[tuple[str, Callable[[], Rewriter]], ...] = (
    ("normalize", TextNormalizer),
    ("operators", OperatorRewriter),
    ("price", PriceRewriter),
    ("number_ranges", NumberRangeRewriter),
    ("negation", NegationRewriter),
    ("quantities", QuantityRewriter),
    ("compounds", CompoundRewriter),
    ("spelling", SpellingRewriter),
    ("entities", EntityRewriter),
    # After the rules, whose wordings go first where there is no room for all.
    ("plurals", plural_rewriter),
    ("acronyms", acronym_rewriter),
    ("entity_names", NamedEntityRewriter),
    ("languages", LanguageRewriter),
    # Before `product_kinds`, which reads what a code's own product and what fits it gain alike.
    ("codes", CodeRewriter),
    ("product_kinds", lambda: MeantTextReader(ProductKindRewriter())),
    ("categories", lambda: MeantTextReader(CategoryRewriter())),
    ("leg_weights", LegWeightRewriter),
    ("relaxation", RelaxationRewriter),
)


_RULES_BEFORE = "entities"
"""The shop's rules are written for words that are spelt right, and have the last word on a
language model's."""


def create_chain(
    settings: QueryUnderstandingSettings,
    rules: tuple[QueryRule, ...] | None = None,
    language_model: LanguageModel | None = None,
) -> RewriterChain:
    """Return the rewriters that are switched on, in their order, with their time budgets.

    Args:
        settings: what is switched on.
        rules: instead of those of the file, to see what they would do; `None`: the file's.
        language_model: rewrites what the catalogue has no words for, where `settings.llm` says so;
            `None`: nothing does.

    Raises:
        RulesError: the file of rules cannot be read.
        ConfigurationError: what was trained for the shop cannot be read.
    """
    rewriters: list[Rewriter] = []
    for name, make in _UNITS if settings.enabled else ():
        if name == _RULES_BEFORE and settings.llm and language_model is not None:
            rewriters.append(LlmRewriter(language_model))
        if name == _RULES_BEFORE and rules is not None:
            rewriters.append(RulesRewriter(partial(tuple, rules)))
        elif name == _RULES_BEFORE and settings.rules is not None:
            rewriters.append(RulesRewriter(RulesFile(settings.rules).current))
        if name == "categories" and settings.categories:
            model = trained_categories(settings.trained)
            rewriters.append(MeantTextReader(CategoryRewriter(model)))
        elif getattr(settings, name):
            rewriters.append(make())
    if settings.enabled and settings.intent:
        # Last: a word that is spelt right is known to the catalogue.
        rewriters.append(IntentRewriter(intent_teller(settings.trained)))
    return RewriterChain(
        rewriters,
        budget_ms=settings.budget_ms,
        rewriter_budget_ms=settings.unit_budget_ms,
    )
