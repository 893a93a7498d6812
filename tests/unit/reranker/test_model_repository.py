import json
from pathlib import Path

import pytest

from reranker import ModelRepository, publish_cross_encoder
from reranker.model_repository import TEMPLATES
from search_core import RerankerModelError, RerankerUnavailableError


class Server:
    """Loads what it is told to, unless a version is refused."""

    def __init__(self, repository):
        self.repository = repository
        self.refused = ()
        self.loaded = []

    def load(self, model, version):
        folder = self.repository.version_folder(model, version)
        assert (folder / "model.py").is_file()
        if version in self.refused:
            raise RerankerUnavailableError(f"version {version} does not load")
        self.loaded.append(version)
        return f"{model}@{version}"


def names_in(folder):
    return sorted(each.name for each in folder.iterdir())


@pytest.fixture
def repository(tmp_path):
    return ModelRepository(tmp_path / "models")


@pytest.fixture
def server(repository):
    return Server(repository)


def test_a_repository_that_is_not_there_has_no_models(repository):
    assert repository.models() == ()
    assert repository.versions("cross_encoder") == ()


def test_the_first_version_is_whole(repository, make_model):
    published = publish_cross_encoder(make_model(languages=["en"]), repository, None)
    assert (published.version, published.model_id) == (1, None)
    assert repository.models() == ("cross_encoder",)
    folder = repository.version_folder("cross_encoder", 1)
    assert names_in(folder) == [
        "cross_encoder.py", "model.onnx", "model.py", "model_card.json", "tokenizer.json",
    ]  # fmt: skip
    card = json.loads((folder / "model_card.json").read_text())
    assert card["name"] == "words"
    assert card["languages"] == ["en"]
    assert card["model_id"].startswith("words@")
    template = TEMPLATES / "cross_encoder"
    assert (folder / "model.py").read_bytes() == (template / "1" / "model.py").read_bytes()
    assert (folder.parent / "config.pbtxt").read_bytes() == (template / "config.pbtxt").read_bytes()


def test_languages_that_are_given_go_before_the_cards(repository, make_model):
    publish_cross_encoder(make_model(languages=["en"]), repository, None, languages=["de"])
    card = repository.version_folder("cross_encoder", 1) / "model_card.json"
    assert json.loads(card.read_text())["languages"] == ["de"]


def test_a_new_version_goes_live_and_the_one_before_stays(repository, server, make_model):
    for name in ("one", "two", "three"):
        published = publish_cross_encoder(make_model(name), repository, server)
    assert (published.version, published.model_id) == (3, "cross_encoder@3")
    assert repository.versions("cross_encoder") == (2, 3)
    assert server.loaded == [1, 2, 3]


def test_a_changed_configuration_is_kept(repository, make_model):
    publish_cross_encoder(make_model("one"), repository, None)
    config = repository.folder / "cross_encoder" / "config.pbtxt"
    config.write_text("changed")
    publish_cross_encoder(make_model("two"), repository, None)
    assert config.read_text() == "changed"


def test_a_version_that_the_server_refuses_is_taken_away(repository, server, make_model):
    publish_cross_encoder(make_model("one"), repository, server)
    server.refused = (2,)
    with pytest.raises(RerankerModelError, match="refuses version 2 of cross_encoder"):
        publish_cross_encoder(make_model("two"), repository, server)
    assert repository.versions("cross_encoder") == (1,)
    assert server.loaded == [1, 1]


def test_a_roll_back_goes_to_the_version_before(repository, server, make_model):
    for name in ("one", "two"):
        publish_cross_encoder(make_model(name), repository, server)
    rolled_back = repository.roll_back("cross_encoder", server)
    assert (rolled_back.version, rolled_back.model_id) == (1, "cross_encoder@1")
    assert repository.versions("cross_encoder") == (1,)
    assert not list((repository.folder / "cross_encoder").glob(".withdrawn*"))


def test_a_roll_back_that_does_not_load_changes_nothing(repository, server, make_model):
    for name in ("one", "two"):
        publish_cross_encoder(make_model(name), repository, server)
    server.refused = (1,)
    with pytest.raises(RerankerModelError, match="version 1 of cross_encoder does not load"):
        repository.roll_back("cross_encoder", server)
    assert repository.versions("cross_encoder") == (1, 2)


def test_a_template_without_weights_is_no_version(repository, make_model):
    bare = repository.version_folder("cross_encoder", 1)
    bare.mkdir(parents=True)
    (bare / "model.py").write_text("")
    assert repository.versions("cross_encoder") == ()
    assert publish_cross_encoder(make_model(), repository, None).version == 2


def test_a_single_version_cannot_be_rolled_back(repository, make_model):
    publish_cross_encoder(make_model(), repository, None)
    with pytest.raises(RerankerModelError, match="no version to roll back to"):
        repository.roll_back("cross_encoder", None)


def test_a_model_without_a_template_is_refused(repository):
    with pytest.raises(RerankerModelError, match="no model 'another' to publish for") as caught:
        repository.publish("another", {}, None)
    assert "cross_encoder" in caught.value.remedy


def test_a_language_gets_a_model_of_its_own_beside_the_others(repository, server, make_model):
    publish_cross_encoder(make_model("one"), repository, server)
    publish_cross_encoder(make_model("two"), repository, server, model="cross_encoder_zh")
    assert repository.models() == ("cross_encoder", "cross_encoder_zh")
    template = (TEMPLATES / "cross_encoder" / "config.pbtxt").read_text()
    config = (repository.folder / "cross_encoder_zh" / "config.pbtxt").read_text()
    assert 'name: "cross_encoder_zh"' in config
    assert config.replace("cross_encoder_zh", "cross_encoder") == template


def test_rolling_back_one_language_leaves_the_others(repository, server, make_model):
    for name in ("one", "two"):
        publish_cross_encoder(make_model(name), repository, server)
        publish_cross_encoder(
            make_model(f"{name}-zh"), repository, server, model="cross_encoder_zh"
        )
    assert repository.roll_back("cross_encoder_zh", server).version == 1
    assert repository.versions("cross_encoder_zh") == (1,)
    assert repository.versions("cross_encoder") == (1, 2)


def test_rolling_back_a_model_that_is_not_there_makes_no_folder(repository):
    with pytest.raises(RerankerModelError, match="no version to roll back to"):
        repository.roll_back("cross_encoder_zh", None)
    assert not (repository.folder / "cross_encoder_zh").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda folder: (folder / "model.onnx").write_bytes(b"not a model"), "does not load"),
        (lambda folder: (folder / "model.onnx").unlink(), "has no model.onnx"),
        (lambda folder: (folder / "tokenizer.json").write_text("{}"), "tokenizer.json"),
    ],
)
def test_a_broken_model_never_reaches_the_repository(repository, make_model, change, message):
    folder = make_model()
    change(folder)
    with pytest.raises(RerankerModelError, match=message):
        publish_cross_encoder(folder, repository, None)
    assert repository.models() == ()


def test_a_model_that_gives_everything_the_same_score_is_refused(repository, make_model):
    with pytest.raises(RerankerModelError, match="to a match and to another product alike"):
        publish_cross_encoder(make_model(scale=0.0), repository, None)


def test_a_publication_that_is_interrupted_leaves_nothing(repository, make_model, monkeypatch):
    def interrupt(source, target, **options):
        if source.name == "config.pbtxt":
            return Path(target).write_text("")
        raise KeyboardInterrupt

    monkeypatch.setattr("reranker.model_repository.shutil.copyfile", interrupt)
    with pytest.raises(KeyboardInterrupt):
        publish_cross_encoder(make_model(), repository, None)
    assert names_in(repository.folder / "cross_encoder") == [".lock", "config.pbtxt"]


def test_a_cross_encoder_is_not_published_under_the_name_of_a_text_encoder(repository, make_model):
    with pytest.raises(RerankerModelError, match="text_encoder is the name of another kind"):
        publish_cross_encoder(make_model(), repository, None, model="text_encoder")
    assert repository.models() == ()


@pytest.mark.parametrize(
    ("card", "message"),
    [
        ({"languages": None}, "languages is no list"),
        ({"languages": "zh"}, "languages is no list"),
        ({"max_tokens": "many"}, "max_tokens is no number"),
        ({"max_tokens": 0}, "max_tokens is no number"),
    ],
)
def test_a_card_that_says_something_else_than_a_card_does_is_refused(
    repository, make_model, card, message
):
    folder = make_model()
    (folder / "model_card.json").write_text(json.dumps(card))
    with pytest.raises(RerankerModelError, match=message):
        publish_cross_encoder(folder, repository, None)
