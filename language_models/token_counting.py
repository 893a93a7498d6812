"""How many tokens a text has, as far as that can be told without the model's own vocabulary."""

import re

_CHARS_PER_TOKEN = 4
"""Of Latin text in the vocabularies of today. Source: OpenAI's rule of thumb."""
_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_TOKENS_OF_A_MESSAGE = 8
"""Role and separators around a message's text, in the chat templates of today 3 to 7."""


def likely_tokens(text: str) -> int:
    """Return about how many tokens a text has: a token for 4 characters, or for 1 Chinese one."""
    wide = len(_WIDE.findall(text))
    return wide + -(-(len(text) - wide) // _CHARS_PER_TOKEN)


def most_tokens(text: str) -> int:
    """Return a number that no byte-level vocabulary exceeds: its smallest tokens are bytes."""
    return len(text.encode("utf-8", "surrogatepass")) + _TOKENS_OF_A_MESSAGE
