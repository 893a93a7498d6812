"""Reciprocal rank fusion: a leg's vote falls with the rank it gave, whatever its scores."""


def reciprocal_rank_values(count: int, rank_constant: int) -> list[float]:
    """Return `1 / (rank_constant + rank)` for the ranks 1 to `count`.

    Args:
        count: candidates of the leg.
        rank_constant: the larger, the slower a vote falls with rank.

    Source: Cormack, Clarke and Büttcher, Reciprocal Rank Fusion Outperforms Condorcet and
    Individual Rank Learning Methods, SIGIR 2009. The legs' weights are ours.
    """
    return [1.0 / (rank_constant + rank) for rank in range(1, count + 1)]
