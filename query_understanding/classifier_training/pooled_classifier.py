"""The network: an encoder, the mean of its tokens, one linear layer (extra `train`)."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from transformers import AutoModel

if TYPE_CHECKING:
    from transformers import PreTrainedModel


class PooledClassifier(nn.Module):  # type: ignore[misc] # the library has no types here
    """Sorts texts by the mean of their tokens' vectors, scaled to length 1, and further features.

    Sentence encoders were trained with that mean, and a cross-encoder's first token knows of pairs.
    """

    def __init__(self, encoder: "PreTrainedModel", classes: int, features: int = 0) -> None:
        """Put a head of zeros on an encoder.

        Args:
            encoder: a BERT-like model without a head.
            classes: how many are told apart.
            features: numbers that come with each text.
        """
        super().__init__()
        self.encoder = encoder
        self.features = features
        self.head = nn.Linear(encoder.config.hidden_size + features, classes)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def vectors(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Return one vector a text, shape (n_texts, width), each of length 1."""
        tokens = self.encoder(input_ids=input_ids, attention_mask=attention_mask)[0]
        mask = attention_mask.unsqueeze(-1).to(tokens.dtype)
        mean = (tokens * mask).sum(1) / mask.sum(1)
        return nn.functional.normalize(mean, dim=-1)

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        features: Tensor | None = None,
        labels: Tensor | None = None,
    ) -> Mapping[str, Tensor]:
        """Return `logits`, and where labels are given the cross-entropy as `loss`."""
        read = self.vectors(input_ids, attention_mask)
        if features is not None:
            read = torch.cat([read, features], dim=-1)
        logits = self.head(read)
        if labels is None:
            return {"logits": logits}
        return {"loss": nn.functional.cross_entropy(logits, labels), "logits": logits}

    def train_only(self, layers: int) -> None:
        """Freeze all of the encoder but its uppermost layers.

        Args:
            layers: how many are trained; as many as there are: all but the embeddings.
        """
        self.encoder.requires_grad_(requires_grad=False)
        stack: Any = self.encoder.encoder.layer
        for layer in list(stack)[len(stack) - min(layers, len(stack)) :]:
            layer.requires_grad_(requires_grad=True)


def load_pooled_classifier(start: Path, classes: int, features: int) -> PooledClassifier:
    """Return a classifier on the encoder of a Hugging Face folder, whatever head that has."""
    encoder = AutoModel.from_pretrained(start, local_files_only=True)
    # A layer that only some heads read; here it would be exported for nothing.
    if getattr(encoder, "pooler", None) is not None:
        encoder.pooler = None
    return PooledClassifier(encoder, classes, features)
