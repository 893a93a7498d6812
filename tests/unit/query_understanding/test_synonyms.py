import numpy as np
import pytest
from shop import CATALOGUE, document

from query_understanding import KnownCatalogue, SearchStep, learn_lexicon, propose_synonyms
from query_understanding.synonyms.synonym_neighbours import neighbours
from query_understanding.synonyms.synonym_proposals import (
    Evidence,
    SynonymProposal,
    SynonymSource,
    merged,
)
from query_understanding.synonyms.synonym_sources import (
    acronyms,
    reformulations,
    spacing_variants,
    spelling_variants,
)
from search_core import EncoderIdentity


def pairs(found):
    return [(each.term, each.synonym) for each in found]


class AngleEncoder:
    """Places words on a circle by hand; every other word has a dimension of its own."""

    def __init__(self, **degrees):
        self._degrees = {word.replace("_", " "): angle for word, angle in degrees.items()}
        self.identity = EncoderIdentity(model_id="angles", dimension=200)

    def encode_passages(self, texts):
        vectors = np.zeros((len(texts), 200), dtype=np.float32)
        for row, text in enumerate(texts):
            angle = self._degrees.get(text)
            if angle is None:
                vectors[row, 2 + row] = 1.0
            else:
                vectors[row, :2] = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        return vectors

    def encode_query(self, text):
        return self.encode_passages([text])[0]


class TestAcronyms:
    def test_what_the_catalogue_writes_out_beside_its_letters_is_proposed(self):
        texts = ["A fast Solid State Drive (SSD) inside", "SSD (solid state drive) for laptops"]
        assert pairs(acronyms(texts)) == [("ssd", "solid state drive")]

    def test_letters_that_are_not_the_initials_are_none(self):
        assert pairs(acronyms(["Made in the Far East (USA)"] * 3)) == []

    def test_one_product_is_no_evidence(self):
        assert pairs(acronyms(["Solid State Drive (SSD)"])) == []

    def test_the_evidence_says_how_often(self):
        (found,) = acronyms(["Solid State Drive (SSD)"] * 3)
        assert found.evidence[0].detail.startswith("3 products write")
        assert found.evidence[0].strength == pytest.approx(1 - 1 / 4)


def test_two_spellings_on_the_same_kinds_of_products_are_proposed():
    catalogue = KnownCatalogue(
        learn_lexicon(
            [document(f"Aluminium frame {n}", product_type="Frame") for n in range(3)]
            + [document(f"Aluminum frame {n}", product_type="Frame") for n in range(3)]
            + [document(f"Lighter {n}", product_type="Lighter") for n in range(3)]
            + [document(f"Lightee {n}", product_type="Toy") for n in range(3)]
        )
    )
    assert pairs(spelling_variants(catalogue)) == [("aluminium", "aluminum")]


def test_what_the_catalogue_writes_together_and_apart_is_proposed():
    catalogue = KnownCatalogue(
        learn_lexicon([document("Mouse pad"), document("Mouse pad L"), document("Mousepad")])
    )
    assert pairs(spacing_variants(catalogue)) == [("mousepad", "mouse pad")]


class TestReformulations:
    def test_what_was_typed_and_chosen_from_after_nothing_was_chosen_is_proposed(self):
        steps = [
            step
            for session in ("a", "b")
            for step in (
                SearchStep(session=session, query="red couch", chosen=False),
                SearchStep(session=session, query="red sofa", chosen=True),
            )
        ]
        assert pairs(reformulations(steps)) == [("couch", "sofa")]

    @pytest.mark.parametrize(
        ("sessions", "first_chosen", "second"),
        [(("a",), False, "red sofa"), (("a", "b"), True, "red sofa"), (("a", "b"), False, "lamp")],
    )
    def test_one_session_or_a_chosen_first_result_says_nothing(
        self, sessions, first_chosen, second
    ):
        steps = [
            step
            for session in sessions
            for step in (
                SearchStep(session=session, query="red couch", chosen=first_chosen),
                SearchStep(session=session, query=second, chosen=second != "lamp"),
            )
        ]
        assert pairs(reformulations(steps)) == []

    def test_sessions_are_not_mixed(self):
        steps = [
            SearchStep(session="a", query="couch", chosen=False),
            SearchStep(session="b", query="sofa", chosen=True),
        ] * 2
        assert pairs(reformulations(steps)) == []


class TestNeighbours:
    def test_words_that_a_model_places_together_are_proposed(self):
        encoder = AngleEncoder(headset=0, silicone=10)
        found = list(neighbours(CATALOGUE, encoder))
        assert {frozenset(pair) for pair in pairs(found)} == {frozenset({"headset", "silicone"})}
        assert found[0].evidence[0].detail == "close in meaning (cosine 0.98)"

    def test_values_of_one_attribute_are_no_synonyms(self):
        assert pairs(neighbours(CATALOGUE, AngleEncoder(red=0, blue=5))) == []

    def test_words_that_titles_have_together_are_no_synonyms(self):
        assert pairs(neighbours(CATALOGUE, AngleEncoder(wireless=0, mouse=5))) == []

    def test_two_kinds_of_one_thing_are_no_synonyms(self):
        wines = [
            document(f"{name} no {n}", product_type=kind)
            for name, kind in (("Merlot", "Red wine"), ("Riesling", "White wine"))
            for n in range(4)
        ]
        encoder = AngleEncoder(red_wine=0, white_wine=5)
        assert pairs(neighbours(KnownCatalogue(learn_lexicon(wines)), encoder)) == []

    def test_distant_words_are_none(self):
        assert pairs(neighbours(CATALOGUE, AngleEncoder(headset=0, silicone=60))) == []


def proposal(term, synonym, source, strength):
    evidence = (Evidence(source=source, detail=source.value, strength=strength),)
    return SynonymProposal(term=term, synonym=synonym, evidence=evidence)


def test_evidence_of_both_directions_adds_up():
    found = merged(
        [
            proposal("a", "b", SynonymSource.MEANING, 0.4),
            proposal("x", "y", SynonymSource.SPELLING, 0.7),
            proposal("B", "A", SynonymSource.REFORMULATION, 0.5),
            proposal("lamp", "lamps", SynonymSource.MEANING, 0.9),  # one word, after all
        ]
    )
    assert pairs(found) == [("a", "b"), ("x", "y")]
    assert [each.strength for each in found[0].evidence] == [0.5, 0.4]


def test_of_one_source_the_strongest_evidence_counts_alone():
    (found,) = merged(
        [
            proposal("metre", "meter", SynonymSource.SPELLING, 0.3),
            proposal("metres", "meters", SynonymSource.SPELLING, 0.5),
            proposal("metre", "meter", SynonymSource.MEANING, 0.4),
        ]
    )
    assert [(each.source, each.strength) for each in found.evidence] == [
        (SynonymSource.SPELLING, 0.5),
        (SynonymSource.MEANING, 0.4),
    ]


def test_two_words_of_the_language_a_letter_apart_have_to_be_near_in_meaning_too():
    catalogue = KnownCatalogue(
        learn_lexicon(
            [document(f"Theater {n}", product_type="Ticket") for n in range(3)]
            + [document(f"Theatre {n}", product_type="Ticket") for n in range(3)]
            + [document(f"Stripe {n}", product_type="Ticket") for n in range(3)]
            + [document(f"Strike {n}", product_type="Ticket") for n in range(3)]
        )
    )
    encoder = AngleEncoder(theater=0, theatre=1, stripe=90, strike=180)
    assert pairs(propose_synonyms(catalogue, (), encoder=encoder)) == [("theater", "theatre")]


def test_no_more_are_returned_than_asked_for():
    assert len(propose_synonyms(CATALOGUE, (), encoder=AngleEncoder(headset=0, silicone=1),
                                limit=1)) == 1  # fmt: skip
