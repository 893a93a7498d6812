"""Makes text from exports readable: no tags, entities, control characters or odd spaces."""

import html
import re
import unicodedata
from html.parser import HTMLParser

# Only tags that HTML has: `5 < 7` and `<M12>` in a product's name stay.
_TAG = re.compile(
    r"</?(?:a|abbr|address|article|aside|b|big|blockquote|body|br|button|caption|center|cite|code|col"
    r"|colgroup|dd|del|details|div|dl|dt|em|figcaption|figure|font|footer|form|h[1-6]|head|header|hr"
    r"|html|i|iframe|img|input|ins|label|li|link|main|mark|meta|nav|noscript|ol|p|picture|pre|s"
    r"|script|section|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|tfoot"
    r"|th|thead|title|tr|tt|u|ul|video)\b[^<>]*>|<!--",
    re.IGNORECASE,
)
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060\ufeff\ufff9-\ufffc"
    "\ud800-\udfff]"
)
_INLINE = frozenset(
    [
        "a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "ins", "mark", "s", "small",
        "span", "strong", "sub", "sup", "u",
    ]
)  # fmt: skip
_HIDDEN = frozenset(("script", "style", "head", "noscript", "svg"))


class _TextOfHtml(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _HIDDEN:
            self._hidden += 1
        if tag not in _INLINE:
            self.parts.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag not in _INLINE:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN and self._hidden:
            self._hidden -= 1
        if tag not in _INLINE:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def clean_text(text: str) -> str:
    """Return text as a shopper would read it, on one line.

    HTML tags are dropped and entities decoded; control and invisible characters are dropped; any
    run of white space becomes one space; the result is in Unicode form NFC.
    """
    if text.isascii() and text.isprintable():
        if "&" not in text and "<" not in text:
            return " ".join(text.split())
    else:
        text = _INVISIBLE.sub("", text)
    if "<" in text and _TAG.search(text):
        text = _without_tags(text)
    if "&" in text:
        # Exports often escape twice: `&amp;quot;`.
        text = html.unescape(html.unescape(text))
        if "<" in text and _TAG.search(text):
            text = _without_tags(text)
        text = _INVISIBLE.sub("", text)
    # Joiners belong into words and emoji; alone they are an empty text.
    return unicodedata.normalize("NFC", " ".join(text.split())).strip("\u200c\u200d ")


def _without_tags(text: str) -> str:
    parser = _TextOfHtml()
    parser.feed(text)
    parser.close()
    return "".join(parser.parts)
