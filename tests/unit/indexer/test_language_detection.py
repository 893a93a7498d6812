import pytest

from indexer import detect_language, language_shares

ENGLISH = ["Red summer dress with flowers", "Wireless mouse for the office", "Warm winter boots"]
GERMAN = ["Rotes Sommerkleid mit Blumen", "Kabellose Maus für das Büro", "Warme Winterstiefel"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("纯棉刺绣四件套", "zh"),
        ("コットンのシーツ", "ja"),
        ("무선 마우스", "ko"),
        ("Kabellose Maus für das Büro mit Batterie", "de"),
        ("Chaussures de course pour homme", "fr"),
        ("12345", None),
    ],
)
def test_languages_are_told_by_script_or_words(text: str, language: str | None) -> None:
    assert detect_language(text) == language


def test_the_choice_is_among_the_given_languages_only() -> None:
    assert detect_language("Chaussures de course", ("en", "de")) in ("en", "de")
    assert detect_language("纯棉床单", ("en", "de")) is None


def test_shares_of_a_mixed_catalogue_add_up_to_one() -> None:
    shares = language_shares(ENGLISH * 3 + GERMAN * 2)
    assert {share.language for share in shares} == {"en", "de"}
    assert sum(share.share for share in shares) == pytest.approx(1.0)
    assert shares[0].language == "en"


def test_titles_full_of_brand_names_do_not_make_a_catalogue_multilingual() -> None:
    texts = ENGLISH * 20 + ["HP Pavilion dv7", "Tomtom Go"]
    assert [share.language for share in language_shares(texts)] == ["en"]


def test_a_catalogue_without_texts_has_no_language() -> None:
    assert language_shares(["123", ""]) == ()


def test_short_titles_full_of_names_are_in_the_usual_language() -> None:
    title = "Arco Pro Camera"
    assert detect_language(title, ("en", "es")) == "es"  # by its letters alone
    assert detect_language(title, ("en", "es"), usual="en") == "en"


def test_what_is_clearly_in_another_language_is_not_in_the_usual_one() -> None:
    title = "Zapatillas de correr para hombre"
    assert detect_language(title, ("en", "es"), usual="en") == "es"
    assert detect_language(title, ("en", "es"), usual="fr") == "es"
