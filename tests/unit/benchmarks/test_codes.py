from benchmarks.codes import attribute_codes, spellings


def product(number, title="Toner", **attributes):
    return {
        "id": number,
        "title": title,
        "attributes": [{"name": name, "value": value} for name, value in attributes.items()],
    }


def test_codes_are_what_attributes_alone_have():
    codes = attribute_codes(
        [
            product("1", fits="LX-10, LX-20/KX-30", colour="red", length="15.25"),
            product("2", fits="LX-10"),
            product("3", title="Printer LX-20"),
        ]
    )
    assert codes == {"KX-30": frozenset({"1"}), "LX-10": frozenset({"1", "2"})}


def test_a_code_is_the_same_in_any_case_and_ends_where_a_line_break_is_written():
    codes = attribute_codes([product("1", fits=r"LX-10\nLX-20"), product("2", fits="lx-10")])
    assert codes == {"LX-10": frozenset({"1", "2"}), "LX-20": frozenset({"1"})}


def test_what_more_than_three_products_hold_is_no_case():
    assert attribute_codes([product(str(n), fits="LX-10") for n in range(4)]) == {}


def test_a_code_with_hyphens_is_typed_in_three_ways():
    assert spellings("LX-10") == {
        "as written": "LX-10",
        "lower case": "lx-10",
        "without hyphens": "LX10",
    }
    assert spellings("LX10") == {"as written": "LX10", "lower case": "lx10"}
