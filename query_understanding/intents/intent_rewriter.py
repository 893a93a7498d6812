"""Says on the plan what the shopper is after."""

from dataclasses import replace

from query_understanding.intents.intent import Intent, IntentGuess
from query_understanding.intents.intent_features import intent_features
from query_understanding.intents.intent_model import IntentTeller, default_intent_model
from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.text_normalizer import clean
from search_core import QueryPlan

_WORDS = "words:"
_EDGES = ("^", "$")
_SAYINGS = {
    Intent.INFORM: "asks about products more than for them",
    Intent.NAVIGATE: "goes to a brand or a page of the shop",
    Intent.IDENTIFIER: "names one product by its code",
    Intent.SUPPORT: "asks for help with an order or an account",
    Intent.OUT_OF_CATALOGUE: "asks for what the catalogue does not seem to have",
}
"""Buying goes without saying."""


class IntentRewriter:
    """Changes nothing that is searched: whatever the intent, products are looked for."""

    name = "intent"

    def __init__(self, model: IntentTeller | None = None) -> None:
        """Take the model; `None`: the one that Shopkeeper brings."""
        self._model: IntentTeller = model or default_intent_model()

    def rewrite(self, plan: QueryPlan, catalogue: KnownCatalogue) -> QueryPlan:
        """Tell the intent; see `Rewriter`."""
        typed = clean(plan.original_text)
        if not typed:
            return plan
        guess = self._model.guess(intent_features(typed, plan.text, catalogue.lexicon), typed)
        plan = replace(
            plan, intent=guess.intent.value, intent_confidence=round(guess.confidence, 3)
        )
        saying = _SAYINGS.get(guess.intent)
        if saying is None:
            return plan
        return plan.logged(self.name, f"{saying} ({guess.confidence:.0%}{_reasons(guess)})")


def _reasons(guess: IntentGuess) -> str:
    """Return the words that spoke for an intent; its other features say little to a reader."""
    words = [
        " ".join(word for word in feature.removeprefix(_WORDS).split() if word not in _EDGES)
        for feature in guess.because
        if feature.startswith(_WORDS)
    ]
    whole = [each for each in words if not any(each in other for other in words if other != each)]
    named = ", ".join(repr(each) for each in dict.fromkeys(whole) if each)
    return f", by {named}" if named else ""
