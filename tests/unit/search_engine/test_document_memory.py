from search_engine import DocumentMemory, StoredProduct

FIRST = ("products-1", 7, 1)
LATER = ("products-1", 8, 1)
LAMP = StoredProduct(product_id="lamp", document={"id": "lamp", "title": "Lamp", "price": 9.5})
LAMP_BYTES = len(b'{"id":"lamp","title":"Lamp","price":9.5}')


def test_a_document_is_found_in_the_version_that_it_was_kept_in():
    memory = DocumentMemory(1_000)
    memory.keep(FIRST, LAMP)
    assert memory.known(["lamp"], {"lamp": FIRST}) == {"lamp": LAMP}


def test_a_document_that_was_written_again_is_not_known():
    memory = DocumentMemory(1_000)
    memory.keep(FIRST, LAMP)
    assert memory.known(["lamp"], {"lamp": LATER}) == {}


def test_a_document_of_another_generation_is_not_known():
    memory = DocumentMemory(1_000)
    memory.keep(FIRST, LAMP)
    assert memory.known(["lamp"], {"lamp": ("products-2", 7, 1)}) == {}


def test_products_of_two_shards_that_share_a_version_are_told_apart():
    memory = DocumentMemory(1_000)
    memory.keep(FIRST, LAMP)
    assert memory.known(["shade"], {"shade": FIRST}) == {}


def test_without_a_version_nothing_is_known():
    memory = DocumentMemory(1_000)
    memory.keep(FIRST, LAMP)
    assert memory.known(["lamp"], {}) == {}


def test_the_longest_unused_goes_first():
    memory = DocumentMemory(2 * LAMP_BYTES)
    memory.keep(FIRST, LAMP)
    memory.keep(LATER, LAMP)
    memory.known(["lamp"], {"lamp": FIRST})
    memory.keep(("products-1", 9, 1), LAMP)
    assert memory.known(["lamp"], {"lamp": LATER}) == {}
    assert memory.known(["lamp"], {"lamp": FIRST}) == {"lamp": LAMP}


def test_what_is_larger_than_all_that_may_be_kept_is_not_kept():
    memory = DocumentMemory(LAMP_BYTES - 1)
    memory.keep(FIRST, LAMP)
    assert memory.known(["lamp"], {"lamp": FIRST}) == {}


def test_what_a_caller_changes_in_a_document_is_not_remembered():
    memory = DocumentMemory(1_000)
    memory.keep(FIRST, LAMP)
    memory.known(["lamp"], {"lamp": FIRST})["lamp"].document["title"] = "Changed"
    assert memory.known(["lamp"], {"lamp": FIRST}) == {"lamp": LAMP}
