"""Which language the search page speaks."""

from query_proxy.search_page.chinese import CHINESE
from query_proxy.search_page.english import ENGLISH
from query_proxy.search_page.texts import PageTexts

TEXTS = {each.language: each for each in (ENGLISH, CHINESE)}
"""By language; the first is spoken where a shopper reads none of them."""


def chosen_texts(asked: str | None, accepted: str | None) -> PageTexts:
    """Return the texts that a shopper reads.

    Args:
        asked: what the address says.
        accepted: the header `Accept-Language`.
    """
    wanted = [] if asked is None else [asked]
    for tag in (*wanted, *_by_preference(accepted or "")):
        texts = TEXTS.get(tag.partition("-")[0].lower())
        if texts is not None:
            return texts
    return next(iter(TEXTS.values()))


def _by_preference(header: str) -> list[str]:
    """Return the language tags of `Accept-Language`, the most wanted first.

    Source: RFC 9110, section 12.5.4.
    """
    weighted: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, parameter = part.strip().partition(";")
        quality = _quality(parameter.strip())
        if tag and quality > 0:
            weighted.append((quality, tag.strip()))
    return [tag for _, tag in sorted(weighted, key=lambda each: -each[0])]


def _quality(parameter: str) -> float:
    if not parameter:
        return 1.0
    name, _, value = parameter.partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
