from hypothesis import given
from hypothesis import strategies as st

from indexer.checkpoint import Checkpoint, RefusedProduct


@given(
    st.builds(
        Checkpoint,
        rows=st.integers(0),
        products=st.integers(0),
        refused=st.lists(
            st.builds(RefusedProduct, product_id=st.text(), line=st.integers(0), reason=st.text())
        ).map(tuple),
    )
)
def test_a_checkpoint_survives_its_record(checkpoint: Checkpoint) -> None:
    assert Checkpoint.from_record(checkpoint.as_record()) == checkpoint
