"""Writes requirements/*.txt: every dependency pinned with hashes, and no address of any index.

`python -m tools.pin_requirements` needs uv, which the extra `dev` brings. Arguments are passed on,
e.g. `--upgrade`; without them, versions that are pinned already are kept where they fit.
"""

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_FILES = {
    "runtime.txt": (),
    "dev.txt": ("client", "evaluate", "llm", "ltr", "ray", "tune", "dev"),
    # Beside `dev`, since torch takes some 6 GB on Linux.
    "train.txt": ("evaluate", "train", "dev"),
}
_HEAD = """\
# Every dependency pinned with hashes, by `make requirements`. No index or file address is kept.
"""


def main() -> None:
    """Resolve each file anew."""
    for name, extras in _FILES.items():
        target = _ROOT / "requirements" / name
        command = [
            *("uv", "pip", "compile", "pyproject.toml", "requirements/build.in"),
            *("--universal", "--python-version=3.11", "--generate-hashes", "--quiet"),
            *("--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate"),
            *(f"--extra={extra}" for extra in extras),
            *(f"--output-file={target}", *sys.argv[1:]),
        ]
        subprocess.run(command, cwd=_ROOT, check=True)  # noqa: S603 - our own arguments
        target.write_text(_HEAD + target.read_text(encoding="utf-8"), encoding="utf-8")


if __name__ == "__main__":
    main()
