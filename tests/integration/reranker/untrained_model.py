"""A small BERT cross-encoder that has learned nothing, as a Hugging Face folder."""

import json

import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertForSequenceClassification

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


def write_untrained_model(folder, words, seed=1):
    """Write four layers over a vocabulary of whole words, with weights by chance."""
    vocabulary = {word: place for place, word in enumerate((*SPECIAL, *words))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=64, num_hidden_layers=4, num_attention_heads=2,
        intermediate_size=128, max_position_embeddings=64, num_labels=1,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    card = {"name": "untrained", "languages": ["en"], "licence": "Apache-2.0"}
    (folder / "model_card.json").write_text(json.dumps(card))
    return folder
