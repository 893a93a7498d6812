from hypothesis import given
from hypothesis import strategies as st

from indexer.taxonomy import Category, Taxonomy

PATHS = [("Home",), ("Home", "Lamps"), ("Home", "Lamps", "Desk Lamps"), ("Home", "Rugs"), ("Pets",)]


def taxonomy(paths):
    return Taxonomy(Category(id=str(number), path=path) for number, path in enumerate(paths))


def test_a_branch_is_the_slice_after_its_category():
    tree = taxonomy(reversed(PATHS))
    assert [category.path for category in tree.categories] == PATHS
    assert tree.branch_ends.tolist() == [4, 3, 3, 4, 5]
    assert [each.tolist() for each in tree.children] == [[1, 3], [2], [], [], []]
    assert tree.departments.tolist() == [0, 4]


def test_ancestors_that_the_file_leaves_out_are_added():
    tree = taxonomy([("Home", "Lamps", "Desk Lamps")])
    assert [category.path for category in tree.categories] == PATHS[:3]
    assert [category.id for category in tree.categories] == ["Home", "Home > Lamps", "0"]


def test_the_digest_tells_taxonomies_apart_and_not_their_order():
    assert taxonomy(PATHS[:1]).digest != taxonomy(PATHS[:2]).digest
    same = [Category(id="1", path=("A",)), Category(id="2", path=("B",))]
    assert Taxonomy(same).digest == Taxonomy(reversed(same)).digest


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(tuple), min_size=1))
def test_every_category_lies_in_the_branches_above_it_and_in_no_other(paths):
    tree = taxonomy(paths)
    for place, category in enumerate(tree.categories):
        inside = {
            other
            for other, each in enumerate(tree.categories)
            if each.path[: len(category.path)] == category.path
        }
        assert inside == set(range(place, tree.branch_ends[place]))
        assert {len(tree.categories[child].path) for child in tree.children[place]} <= {
            len(category.path) + 1
        }
    reached = set(tree.departments.tolist()).union(*(each.tolist() for each in tree.children))
    assert reached == set(range(len(tree.categories)))
