"""`python -m tools.sample_shop [--output FOLDER]`: write the sample shop's two files."""

import argparse
from pathlib import Path

from tools.sample_shop.build import SHIPPED_FOLDER, write_sample_shop


def main() -> None:
    """Write `products.jsonl` and `judgments.csv`, and print how many of each there are."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.sample_shop",
        description="Write the sample shop's products.jsonl and judgments.csv.",
    )
    parser.add_argument(
        "--output",
        type=Path,
        default=SHIPPED_FOLDER,
        help="folder to write to (default: %(default)s)",
    )
    written = write_sample_shop(parser.parse_args().output)
    print(f"{written.products} products, {written.queries} queries, {written.judgments} judgments")


if __name__ == "__main__":
    main()
