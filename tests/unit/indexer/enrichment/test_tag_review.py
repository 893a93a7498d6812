import io

import pytest

from indexer.enrichment import ReviewAction, ReviewedTag, read_review, write_review
from indexer.enrichment.tag_review import corrected
from search_core import PERSON, Tag, TagCorrection, TagKind, TagReviewError


def reviewed(text, action, product_id="p"):
    return ReviewedTag(product_id=product_id, tag=text, action=action)


def after(*actions):
    known = None
    for each in actions:
        known = corrected(known, each)
    return known


ADDED = Tag(text="couch", kind=TagKind.ALTERNATIVE_NAME, source=PERSON, confidence=1.0)


def test_the_latest_word_about_a_tag_counts():
    add, remove = reviewed("couch", ReviewAction.ADD), reviewed("Couches", ReviewAction.REMOVE)
    assert after(add) == TagCorrection(product_id="p", added=(ADDED,))
    assert after(add, remove) == TagCorrection(product_id="p", removed=("Couches",))
    assert after(remove, add) == TagCorrection(product_id="p", added=(ADDED,))


def test_a_reset_forgets_what_was_said_about_that_tag_only():
    said = after(reviewed("couch", ReviewAction.ADD), reviewed("bed", ReviewAction.REMOVE))
    assert corrected(said, reviewed("couch", ReviewAction.RESET)) == TagCorrection(
        product_id="p", removed=("bed",)
    )


ROWS = [
    ReviewedTag(
        product_id="1,5", title='24" =screen', tag="=SUM(A1)", kind=TagKind.USE, source="test",
        confidence=0.5, action=ReviewAction.REMOVE,
    ),
    ReviewedTag(product_id="2", title="显示器", tag="屏幕", action=ReviewAction.ADD),
]  # fmt: skip


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_a_file_brings_back_what_was_written(tmp_path, suffix):
    path = tmp_path / f"tags.{suffix}"
    with path.open("w", encoding="utf-8", newline="") as stream:
        assert write_review(stream, ROWS, as_json=suffix == "jsonl") == 2
    read = read_review(path)
    assert [(r.product_id, r.tag, r.kind, r.action) for r in read] == [
        ("1,5", "=SUM(A1)", TagKind.USE, ReviewAction.REMOVE),
        ("2", "屏幕", TagKind.ALTERNATIVE_NAME, ReviewAction.ADD),
    ]


def test_a_spreadsheet_does_not_run_a_text_as_a_formula():
    stream = io.StringIO()
    write_review(stream, ROWS, as_json=False)
    assert ",'=SUM(A1)," in stream.getvalue()


def test_a_file_of_a_spreadsheet_may_use_semicolons_a_mark_and_capitals(tmp_path):
    path = tmp_path / "tags.csv"
    path.write_bytes("\ufeffproduct_id;tag;action\r\n1;couch;Add\r\n".encode())
    (row,) = read_review(path)
    assert (row.product_id, row.tag, row.action) == ("1", "couch", ReviewAction.ADD)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("product_id,tag,action\n1,couch,delete\n", r"line 2: action: Input should be"),
        ("product_id,tag,action\n,couch,add\n", r"line 2: product_id"),
        ("product_id,tag,action\n1,…,add\n", r"line 2: tag: .*no letter or digit"),
        ("product_id,tag,action,kind\n1,couch,add,colour\n", r"line 2: kind"),
        ("product_id,tag\n1,couch\n", r"has no column action"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_taken_in(tmp_path, lines, message):
    path = tmp_path / "tags.csv"
    path.write_text(lines, encoding="utf-8")
    with pytest.raises(TagReviewError, match=message):
        read_review(path)


def test_a_line_that_is_no_json_is_named(tmp_path):
    path = tmp_path / "tags.jsonl"
    path.write_text('{"product_id": "1", "tag": "couch", "action": "add"}\nnonsense\n')
    with pytest.raises(TagReviewError, match="line 2"):
        read_review(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(TagReviewError, match=r"nowhere\.csv cannot be read: No such file"):
        read_review(tmp_path / "nowhere.csv")
