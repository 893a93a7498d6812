"""Bulk enrichment on a Ray cluster: `shopkeeper reindex --runner ray`.

Importing this needs the extra `ray`; nothing else of `indexer` does.
"""

from indexer.ray_runner.chunk_worker import ChunkWork, EncoderOf
from indexer.ray_runner.ray_preparation import RayPreparation

__all__ = ["ChunkWork", "EncoderOf", "RayPreparation"]
