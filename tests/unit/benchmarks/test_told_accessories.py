from benchmarks.told_accessories import told_cases


def product(number, title, description=None):
    return {"id": number, "title": title, "description": description, "attributes": []}


SHOP = [
    product("printer", "Kelva LaserPro 4650dn, A4"),
    product("tray", "Kelva paper tray", "Holds 500 sheets. For the LaserPro 4650dn and 4700dx."),
    product("drum", "Drum kit for LaserPro 4650dn"),
    product("desk", "Desk for printers of 40kg"),
]


def test_what_a_text_says_a_product_is_for_is_a_query():
    cases = {each.query: each for each in told_cases(SHOP)}
    assert set(cases) == {"laserpro 4650dn", "4650dn"}
    assert cases["4650dn"].mains == {"printer"}
    assert cases["laserpro 4650dn"].accessories == {"tray", "drum"}


def test_names_that_no_product_bears_are_no_query():
    assert told_cases(SHOP[1:]) == ()


def test_a_product_that_is_itself_for_something_is_no_main_product():
    cradle = product("cradle", "Kelva LaserPro 4650dn cradle", "For the Kelva dock7000.")
    dock = product("dock", "Kelva dock7000")
    (case,) = [each for each in told_cases([*SHOP, cradle, dock]) if each.query == "4650dn"]
    assert case.mains == {"printer"}


def test_quantities_are_no_names():
    scales = [product("a", "40kg scales"), product("b", "Weight set", "For 40kg scales")]
    assert told_cases(scales) == ()
