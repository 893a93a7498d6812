"""What a shopper is after."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Intent(StrEnum):
    """What a query wants to be answered with."""

    BUY = "buy"
    """Products to choose from."""
    INFORM = "inform"
    """A comparison, or an answer about a product: `does it fit`, `x vs y`."""
    NAVIGATE = "navigate"
    """A brand's products or a page of the shop."""
    IDENTIFIER = "identifier"
    """One product, by its code."""
    SUPPORT = "support"
    """Help with an order, an account, a delivery, a payment."""
    OUT_OF_CATALOGUE = "out_of_catalogue"
    """Products that the catalogue does not seem to have."""
    UNKNOWN = "unknown"
    """None of them is likely enough to be named."""


CLASSES = tuple(intent for intent in Intent if intent is not Intent.UNKNOWN)
"""Those that a model tells apart, in the order of its weights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentGuess:
    """The intent of a query, and how sure it is."""

    intent: Intent
    confidence: float
    """Probability of the likeliest class, 0 to 1; also where that is too little to name it."""
    shares: Mapping[Intent, float]
    """Of every class; they add up to 1."""
    because: tuple[str, ...] = ()
    """The features that spoke most for it."""
