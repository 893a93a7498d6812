import pickle

from search_core.settings import Settings
from shopkeeper.sent_settings import sent_settings


def test_what_is_sent_to_workers_holds_no_secret():
    settings = Settings(
        llm={"base_url": "http://models.example", "model": "m", "api_key": "sk-secret"},
        search_engine={"password": "os-secret", "user": "u"},
        encoders={"threads": 3},
    )
    sent = sent_settings(settings)
    assert sent.encoders.threads == 3
    assert b"secret" not in pickle.dumps(sent)
