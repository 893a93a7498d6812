import gzip

import pytest

from indexer.taxonomy import read_taxonomy, taxonomy_language
from search_core import TaxonomyError


def read(tmp_path, content, name="taxonomy.txt"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return [(each.id, each.path) for each in read_taxonomy(path).categories]


SHOPIFY = """\
# Shopify Product Taxonomy
# Format: {GID} : {Ancestor name} > ... > {Category name}

gid://shopify/TaxonomyCategory/aa     : Apparel & Accessories
gid://shopify/TaxonomyCategory/aa-1   : Apparel & Accessories > Clothing: Women
"""
EXPECTED = [
    ("gid://shopify/TaxonomyCategory/aa", ("Apparel & Accessories",)),
    ("gid://shopify/TaxonomyCategory/aa-1", ("Apparel & Accessories", "Clothing: Women")),
]


def test_shopifys_format_is_read(tmp_path):
    assert read(tmp_path, SHOPIFY) == EXPECTED


def test_it_may_be_compressed_whatever_its_name(tmp_path):
    assert read(tmp_path, gzip.compress(SHOPIFY.encode()), "taxonomy") == EXPECTED


def test_googles_format_is_read(tmp_path):
    text = (
        "# Google_Product_Taxonomy_Version: 2021-09-21\n1 - Animals\n3237 - Animals > Live Animals"
    )
    assert read(tmp_path, text) == [("1", ("Animals",)), ("3237", ("Animals", "Live Animals"))]


def test_paths_alone_name_themselves(tmp_path):
    assert read(tmp_path, "\ufeff居家 > 灯具\n") == [
        ("居家", ("居家",)),
        ("居家 > 灯具", ("居家", "灯具")),
    ]


def test_csv_has_a_column_of_paths_and_may_have_ids(tmp_path):
    text = 'id,path,note\n7,"Home > Lamps, Lights",x\n,Pets,\n'
    assert read(tmp_path, text, "own.csv") == [
        ("Home", ("Home",)),
        ("7", ("Home", "Lamps, Lights")),
        ("Pets", ("Pets",)),
    ]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "t.txt", "no categories"),
        (b"# only a comment\n", "t.txt", "no categories"),
        (b"Home > \xff\xfe", "t.txt", "not UTF-8"),
        (b"Home\nHome >  > Lamps\n", "t.txt", "line 2"),
        (b"name\nHome\n", "t.csv", "no column `path`"),
        (b"\x1f\x8b broken", "t.gz", "cannot be read"),
    ],
)
def test_what_is_no_taxonomy_is_refused_with_the_place(tmp_path, content, name, words):
    with pytest.raises(TaxonomyError, match=words):
        read(tmp_path, content, name)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(TaxonomyError, match=r"nowhere\.txt"):
        read_taxonomy(tmp_path / "nowhere.txt")


@pytest.mark.parametrize(
    ("lines", "language"),
    [
        ("Home & Garden > Lighting > Desk Lamps\nPet Supplies > Dog Food\n", "en"),
        ("居家 > 灯具\n服装 > 外套\n", "zh"),
        ("1\n2\n", "und"),
    ],
)
def test_the_language_of_a_taxonomy_is_found_out(tmp_path, lines, language):
    path = tmp_path / "t.txt"
    path.write_text(lines)
    assert taxonomy_language(read_taxonomy(path)) == language
