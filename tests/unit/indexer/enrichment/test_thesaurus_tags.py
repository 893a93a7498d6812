import pickle
import re

import numpy as np
import pytest

from indexer.enrichment import RemadeGenerator, ThesaurusTags, WordMeanings, WordNet
from search_core import EncoderIdentity, Product, TagKind
from search_core.settings import IndexerSettings

# What a text is about → its axis. A text is the sum of the axes of its words, so that a product
# stands as near to a meaning as they share subjects.
AXES = {
    "seat": 0, "sofa": 0, "couch": 0, "upholstered": 0,
    "knitted": 1, "sweater": 1, "cardigan": 1, "garment": 1, "wool": 1,
    "rodents": 2, "cheese": 2,
    "cursor": 3, "electronic": 3, "usb": 3,
    "jumps": 4, "metallic": 5, "liquid": 6,
}  # fmt: skip


class SubjectEncoder:
    """Encodes the subjects of a text; without one, noise that is the same for every such text."""

    identity = EncoderIdentity(model_id="subjects", dimension=8)

    def encode_passages(self, texts):
        return np.stack([self.encode_query(text) for text in texts])

    def encode_query(self, text):
        vector = np.full(8, 0.05, np.float32)
        for word in re.findall(r"\w+", text.lower()):
            if word in AXES:
                vector[AXES[word]] += 1
        return vector / np.linalg.norm(vector)


@pytest.fixture
def generator(word_net_folder):
    # With seven kinds of goods nothing can stand out by three standard deviations.
    meanings = WordMeanings(WordNet(word_net_folder), SubjectEncoder(), least_deviation=1.0)
    return ThesaurusTags(meanings, IndexerSettings())


def tags_of(generator, title, **facts):
    (tags,) = generator.generate([Product(id="1", title=title, **facts)])
    return [(tag.text, tag.kind, tag.source) for tag in tags]


def texts(generator, title, **facts):
    return [text for text, *_ in tags_of(generator, title, **facts)]


SAME = (TagKind.ALTERNATIVE_NAME, "thesaurus:same")
WIDER = (TagKind.PRODUCT_TYPE, "thesaurus:wider")


def test_a_thing_is_found_by_its_other_names_and_by_the_next_wider_one(generator):
    assert tags_of(generator, "Brass Harbour Sofa, grey") == [
        ("couch", *SAME),
        ("lounge", *SAME),
        ("seat", *WIDER),
    ]


def test_a_wider_name_brings_its_own_other_names(generator):
    assert texts(generator, "Wool Cardigan") == ["sweater", "jumper"]


def test_the_meaning_is_the_one_that_the_product_has(generator):
    assert texts(generator, "USB Mouse") == ["computer mouse"]
    assert texts(generator, "Cheese Mouse") == []


def test_a_meaning_that_is_sold_is_taken_though_another_is_more_frequent(generator):
    assert texts(generator, "Knitted Jumper") == ["sweater"]


def test_the_sign_of_a_metal_is_no_name_of_it(generator):
    assert texts(generator, "Metallic Al") == []


def test_what_a_brand_is_called_names_no_product(generator):
    assert texts(generator, "Sofa", brand="Sofa", description="upholstered") == []


def test_products_in_another_language_get_none(generator):
    assert texts(generator, "Sofa", language="de") == []
    assert texts(generator, "沙发 Sofa") == []
    assert texts(generator, "Sofa", language="en", description="upholstered couch seat")


def test_a_product_gets_the_same_tags_whatever_stands_beside_it(generator):
    shop = [Product(id=str(n), title=t) for n, t in enumerate(("Sofa seat", "USB Mouse", "沙发"))]
    together = generator.generate(shop)
    assert together == [generator.generate([each])[0] for each in shop]
    assert len(together) == 3


def test_another_edition_or_model_is_another_generator(generator):
    assert "subjects" in generator.identity
    assert generator.identity.startswith("thesaurus-v")


def test_a_name_that_stands_out_more_is_surer(generator):
    clear, vague = generator.generate(
        [
            Product(id="1", title="Upholstered couch seat sofa"),
            Product(id="2", title="Sofa", description="liquid"),
        ]
    )
    assert 0 < vague[0].confidence < clear[0].confidence < 1


def test_it_is_made_anew_where_it_is_sent():
    sent = pickle.loads(pickle.dumps(RemadeGenerator(dict, "identity")))
    assert sent.identity == "identity"
