"""XLM-R's tokenizer from its pieces: unigram segmentation, two separators between the texts."""

from collections.abc import Sequence

from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
)

_DROPPED = r"[\x01-\x08\x0B\x0E-\x1F\x7F\x{8F}\x{9F}]"
_BLANKS = r"[\t\n\f\r\x{1680}\x{200B}-\x{200F}\x{2028}\x{2029}\x{2581}\x{FEFF}\x{FFFD}]"
"""What the `nmt_nfkc` rules do besides NFKC. Source: SentencePiece's normalisation rules."""


def unigram_tokenizer(
    pieces: Sequence[tuple[str, float]], *, begin: int, end: int, padding: int, unknown: int
) -> Tokenizer:
    """Return the tokenizer: `begin query end end passage end`, the passage as second segment.

    XLM-R itself tells no segments apart; BERTs with its vocabulary have embeddings for them.

    Args:
        pieces: text and logarithm of the probability of each; the place is the id.
        begin: id of what a pair starts with.
        end: id of what ends a text.
        padding: id of what fills shorter pairs.
        unknown: id for characters that no piece has.
    """
    tokenizer = Tokenizer(models.Unigram(list(pieces), unk_id=unknown, byte_fallback=False))
    tokenizer.add_special_tokens(
        [AddedToken(pieces[each][0], special=True) for each in (begin, padding, end, unknown)]
    )
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(_DROPPED), ""),
            normalizers.Replace(Regex(_BLANKS), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    tokenizer.decoder = decoders.Metaspace()
    first, last = pieces[begin][0], pieces[end][0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}",
        pair=f"{first} $A {last} {last} $B:1 {last}:1",
        special_tokens=[(first, begin), (last, end)],
    )
    return tokenizer
