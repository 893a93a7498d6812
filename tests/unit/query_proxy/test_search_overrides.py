from query_proxy.takeover.search_overrides import read_overrides
from search_core.settings import FusionMethod, RetrievalSettings


def test_nothing_given_changes_nothing():
    assert read_overrides(None).applied_to(RetrievalSettings()) is None
    assert read_overrides({"ubi": {"query_id": "1"}}).applied_to(RetrievalSettings()) is None


def test_what_is_given_replaces_the_setting_and_leaves_the_others():
    given = {"legs": ["dense"], "weights": {"dense": 2}, "window": 50, "fusion": "z_score"}
    settings = read_overrides({"shopkeeper": given}).applied_to(RetrievalSettings(deadline_ms=77))
    assert (settings.all_terms, settings.some_terms, settings.dense) == (False, False, True)
    assert settings.fusion.dense_weight == 2
    assert settings.fusion.all_terms_weight == RetrievalSettings().fusion.all_terms_weight
    assert settings.fusion.method is FusionMethod.Z_SCORE
    assert (settings.candidates, settings.deadline_ms) == (50, 77)
