"""PyTorch and `transformers` as this process wants them."""

import torch
from transformers.utils import logging as transformers_logging


def prepare_torch(*, threads: int, seed: int) -> None:
    """Silence the libraries, and fix what they draw.

    Args:
        threads: cores that PyTorch uses; 0: as many as it does already.
        seed: of weights that are new, and of dropout.
    """
    transformers_logging.disable_progress_bar()
    # It tells at length of heads that are new, or left out, as they are meant to be.
    transformers_logging.set_verbosity_error()
    if threads:
        torch.set_num_threads(threads)
    torch.manual_seed(seed)
