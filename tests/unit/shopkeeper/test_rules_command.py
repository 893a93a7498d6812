import subprocess
import sys

from click.testing import CliRunner

from shopkeeper.commands.rules import rules

_WITHOUT = """
import sys
sys.modules["ir_measures"] = None
from shopkeeper.command_line import main
sys.argv = ["shopkeeper", "rules", "preview", "rules.txt", "judgments.csv"]
sys.exit(main())
"""


def test_a_preview_without_the_extra_says_what_to_install(tmp_path):
    (tmp_path / "rules.txt").write_text("tv =>\n  SYNONYM: television\n", encoding="utf-8")
    (tmp_path / "judgments.csv").write_text("query,docid,rating\ntv,1,3\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "measuring search needs the package ir_measures" in done.stderr
    assert "pip install '.[evaluate]'" in done.stderr


def test_a_word_is_no_synonym_of_itself(tmp_path):
    path = tmp_path / "rules.txt"
    done = CliRunner().invoke(rules, ["accept", str(path), "tv=television", "Sofa=sofa"])
    assert done.exit_code == 2
    assert "'Sofa=sofa' has the same on both sides" in done.output
    assert not path.exists()


def test_the_list_of_rules_says_their_weights(tmp_path):
    path = tmp_path / "rules.txt"
    path.write_text("tv =>\n  UP(5): * brand:Lumo\n", encoding="utf-8")
    done = CliRunner().invoke(rules, ["check", str(path)])
    assert done.exit_code == 0
    assert "UP(5): * brand:Lumo" in done.output
