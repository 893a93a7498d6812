"""Which model turns text into vectors."""

from typing import Annotated

from pydantic import Field

from search_core.settings.section import PositiveInt, Section


class EncoderSettings(Section):
    """`[encoders]`: which model turns text into vectors, and how."""

    model: str = "auto"
    """`auto` looks at the catalogue's languages (English: all-minilm-l6-v2-int8, Chinese:
    bge-small-zh-v1.5-int8, English beside another script: english-multilingual, others:
    universal-sentence-encoder-multilingual); or one of the names of `shopkeeper doctor`; or a
    folder with an ONNX model and its tokenizer.json."""
    threads: Annotated[int, Field(ge=0)] = 0
    """Threads of ONNX Runtime; 0 uses every core."""
    batch_tokens: PositiveInt = 512
    """Padded tokens in one batch of an ONNX model. Larger ones leave the processor's cache and are
    slower; 1 encodes each text alone, so that an int8 model gives a text the same vector whatever
    stands beside it, at .6 to .9 of the speed."""
    max_tokens: Annotated[int, Field(ge=8, le=512)] = 128
    """Longer texts are cut. Product texts rarely have more; time grows with length."""
    cache_max_bytes: Annotated[int, Field(ge=0)] = 4_000_000_000
    """Size of the cache of vectors on disk, oldest use dropped first; 0 switches it off."""
