"""Reads the many ways in which exports name a language."""

_BY_COUNTRY_OR_NAME = {
    "us": "en", "uk": "en", "gb": "en", "jp": "ja", "cn": "zh", "tw": "zh", "kr": "ko", "at": "de",
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr",
    "spanish": "es", "español": "es", "italian": "it", "italiano": "it", "japanese": "ja",
    "日本語": "ja", "chinese": "zh", "中文": "zh", "korean": "ko", "dutch": "nl",
    "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it",
    "jpn": "ja", "zho": "zh", "chi": "zh", "kor": "ko", "nld": "nl", "por": "pt", "pol": "pl",
}  # fmt: skip


def language_code(text: str) -> str | None:
    """Return ISO 639-1 for `en`, `en_US`, `de-AT`, `eng`, `German` or a market such as `us`.

    Returns:
        `None` when it is none of these.
    """
    word = text.strip().casefold().replace("_", "-")
    if word in _BY_COUNTRY_OR_NAME:
        return _BY_COUNTRY_OR_NAME[word]
    head, _, tail = word.partition("-")
    plausible = len(head) == 2 and head.isascii() and head.isalpha() and len(tail) <= 8
    return head if plausible else None
