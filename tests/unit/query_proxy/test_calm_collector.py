import gc

from query_proxy import calm_collector


def test_what_is_loaded_is_left_out_and_the_collector_runs_seldom():
    before = gc.get_threshold()
    loaded = [[] for _ in range(1_000)]
    try:
        calm_collector()
        assert gc.get_freeze_count() >= len(loaded)
        assert gc.get_threshold()[0] == 50_000
        assert gc.isenabled()
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
