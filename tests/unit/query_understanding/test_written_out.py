from shop import document

from query_understanding import learn_lexicon

DRIVE = "Kelvarix Internal solid state drive 2.5 inch"


def learned(*documents):
    others = [document(f"Desk lamp {n}") for n in range(40)]
    return learn_lexicon([*documents, *others]).written_out


def test_titles_that_write_an_acronym_out_are_known():
    drives = [document(f"{DRIVE} {n}", description="A fast SSD.") for n in range(5)]
    assert learned(*drives) == {"ssd": "solid state drive"}


def test_the_acronym_may_stand_in_an_attribute():
    drives = [document(f"{DRIVE} {n}", has={"storage": "512 GB SSD"}) for n in range(5)]
    assert learned(*drives) == {"ssd": "solid state drive"}


def test_a_few_products_may_be_chance():
    drives = [document(f"{DRIVE} {n}", description="A fast SSD.") for n in range(4)]
    assert learned(*drives) == {}


def test_initials_that_half_of_the_products_do_not_have_are_chance():
    having = [document(f"{DRIVE} {n}", description="A fast SSD.") for n in range(5)]
    lacking = [document(f"{DRIVE} {n}") for n in range(6)]
    assert learned(*having, *lacking) == {}


def test_an_acronym_beside_what_it_stands_for_finds_the_title_itself():
    drives = [document(f"{DRIVE} (SSD) {n}") for n in range(5)]
    assert learned(*drives) == {}


def test_an_acronym_that_products_have_anyway_says_nothing():
    drives = [document(f"{DRIVE} {n}", description="A fast SSD.") for n in range(5)]
    notebooks = [document(f"Notebook {n}", description="With SSD.") for n in range(60)]
    assert learned(*drives, *notebooks) == {}


def test_a_word_in_small_letters_is_no_acronym():
    masks = [document(f"Red eye drops {n}", description="It is red.") for n in range(5)]
    assert learned(*masks) == {}


def test_a_part_of_a_longer_word_is_no_acronym():
    drives = [document(f"{DRIVE} {n}", description="Model XSSD7.") for n in range(5)]
    assert learned(*drives) == {}


def test_in_a_text_all_in_capitals_no_word_is_an_acronym():
    text = "THE LAMP FOR READING IN BED, AND A GIFT FOR ANYONE."
    dresses = [document(f"Blue evening dress {n}", description=text) for n in range(5)]
    assert learned(*dresses) == {}


def test_a_brand_stands_for_nothing_else():
    drives = [document(f"{DRIVE} {n}", description="A fast SSD.", brand="SSD") for n in range(5)]
    assert learned(*drives) == {}


def test_a_phrase_is_made_of_whole_words():
    desks = [
        document(f"Größenverstellbarer Elektro Tisch {n}", description="EET und GET")
        for n in range(5)
    ]
    assert learned(*desks) == {"get": "grossenverstellbarer elektro tisch"}
    kits = [document(f"8gb memory kit{n} 3x", description="GMK") for n in range(5)]
    assert learned(*kits) == {}


def test_a_phrase_does_not_begin_or_end_with_a_word_that_names_nothing():
    tests = [document(f"Power on the go {n}", description="POTG") for n in range(5)]
    assert learned(*tests) == {"potg": "power on the go"}
    assert "otg" not in learned(*tests)
