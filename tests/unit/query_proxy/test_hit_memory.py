import pytest

from query_proxy.takeover.client_search import read_client_search
from query_proxy.takeover.hit_memory import HitMemory, look_of, without_version

FIRST = ("products-1", 7, 1)
LATER = ("products-1", 8, 1)
LOOK = b"title only"
LAMP = {"_index": "products-1", "_id": "lamp", "_score": 1.0, "_source": {"title": "Lamp"}}


def read(**body):
    return read_client_search({"query": {"match": {"title": "lamp"}}, **body}, {})


def look(**body):
    return look_of(read(**body), collapse=False)


def test_a_hit_is_found_in_the_version_that_it_was_kept_in():
    memory = HitMemory(10_000)
    memory.keep(FIRST, LOOK, LAMP)
    assert memory.known(["lamp", "shade"], {"lamp": FIRST}, LOOK) == {"lamp": LAMP}


@pytest.mark.parametrize(
    "versions",
    [{"lamp": LATER}, {"lamp": ("products-2", 7, 1)}, {"lamp": ("products-1", 7, 2)}, {}],
)
def test_a_hit_of_another_state_or_index_is_not_known(versions):
    memory = HitMemory(10_000)
    memory.keep(FIRST, LOOK, LAMP)
    assert memory.known(["lamp"], versions, LOOK) == {}


def test_products_of_two_shards_that_share_a_version_are_told_apart():
    memory = HitMemory(10_000)
    memory.keep(FIRST, LOOK, LAMP)
    assert memory.known(["shade"], {"shade": FIRST}, LOOK) == {}


def test_a_hit_is_not_shown_to_a_search_that_asks_to_see_something_else():
    memory = HitMemory(10_000)
    memory.keep(FIRST, look(_source=["title"]), LAMP)
    assert memory.known(["lamp"], {"lamp": FIRST}, look(_source=["title"])) == {"lamp": LAMP}
    assert memory.known(["lamp"], {"lamp": FIRST}, look(_source=["brand"])) == {}
    assert memory.known(["lamp"], {"lamp": FIRST}, look()) == {}


def test_what_is_done_to_a_shown_hit_is_not_remembered():
    memory = HitMemory(10_000)
    memory.keep(FIRST, LOOK, LAMP)
    memory.known(["lamp"], {"lamp": FIRST}, LOOK)["lamp"]["_score"] = 9.0
    assert memory.known(["lamp"], {"lamp": FIRST}, LOOK)["lamp"]["_score"] == 1.0


def test_memory_is_bounded_and_the_longest_unused_goes_first():
    memory = HitMemory(1_500)  # two hits, each some 500 bytes beside its own
    memory.keep(FIRST, LOOK, LAMP)
    memory.keep(LATER, LOOK, LAMP)
    memory.known(["lamp"], {"lamp": FIRST}, LOOK)
    memory.keep(("products-1", 9, 1), LOOK, LAMP)
    assert memory.known(["lamp"], {"lamp": LATER}, LOOK) == {}
    assert memory.known(["lamp"], {"lamp": FIRST}, LOOK) == {"lamp": LAMP}


def test_without_room_nothing_is_kept():
    memory = HitMemory(0)
    memory.keep(FIRST, LOOK, LAMP)
    assert memory.known(["lamp"], {"lamp": FIRST}, LOOK) == {}


@pytest.mark.parametrize(
    "options",
    [
        {"highlight": {"fields": {"title": {}}}},
        {"explain": True},
        {"script_fields": {"now": {"script": "1"}}},
        {"fields": ["price"]},
        {"docvalue_fields": ["price"]},
        {"stored_fields": ["title"]},
        {"seq_no_primary_term": "true"},
    ],
)
def test_what_more_than_the_document_decides_has_no_look(options):
    assert look(_source=["title"], **options) is None


def test_the_look_is_that_of_the_document_and_not_of_page_or_words():
    bare = look(_source=["title"])
    assert bare == look(_source=["title"], size=3, timeout="1s", track_total_hits=False)
    assert bare != look(_source=["title"], version=True)
    assert bare != look_of(read(_source=["title"]), collapse=True)


def test_a_client_sees_versions_only_when_it_asks():
    hit = {**LAMP, "_seq_no": 7, "_primary_term": 1}
    assert without_version(hit, read()) == LAMP
    assert without_version(hit, read(seq_no_primary_term=True)) == hit
