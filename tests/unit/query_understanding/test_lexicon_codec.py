from dataclasses import replace

import pytest
from shop import CATALOGUE

from query_understanding.lexicon.lexicon_codec import decode_lexicon, encode_lexicon
from search_core import IndexingError


def test_a_lexicon_is_read_as_it_was_written():
    lexicon = replace(CATALOGUE.lexicon, counterparts=((0, 3), (2, 1)))
    assert decode_lexicon(encode_lexicon(lexicon)) == lexicon


@pytest.mark.parametrize("data", [b"", b"no lexicon", encode_lexicon(CATALOGUE.lexicon)[:-9]])
def test_damaged_bytes_are_refused(data):
    with pytest.raises(IndexingError, match="understand learn"):
        decode_lexicon(data)
