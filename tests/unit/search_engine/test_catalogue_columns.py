from search_engine.catalogue_columns import catalogue_columns


def mappings(catalog_toml: str) -> dict:
    inputs = {"catalog_toml": catalog_toml}
    return {"_meta": {"shopkeeper": {"generation": {"inputs": inputs}}}}


def test_columns_lead_to_the_fields_of_the_product():
    toml = '[fields]\ntitle = "Name"\navailability = "Verfügbar"\ncodes = ["EAN", "Art.-Nr."]\n'
    assert catalogue_columns(mappings(toml)) == {
        "name": "title", "verfügbar": "available", "ean": "codes", "art_nr": "codes",
    }  # fmt: skip


def test_an_index_that_says_nothing_has_no_columns():
    assert catalogue_columns({}) == {}
    assert catalogue_columns({"_meta": {"shopkeeper": {"layout_version": 1}}}) == {}
    assert catalogue_columns(mappings("[fields\nbroken")) == {}
