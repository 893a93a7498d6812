"""How long `shopkeeper --help` takes, as a whole process.

python -m benchmarks.command_start [--runs 20]
"""

import argparse
import statistics
import subprocess
import sys
import time


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    runs = parser.parse_args().runs
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "shopkeeper --help": [sys.executable, "-m", "shopkeeper.command_line", "--help"],
    }
    medians = {}
    for name, command in commands.items():
        seconds = []
        for _ in range(runs):
            started = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            seconds.append(time.perf_counter() - started)
        medians[name] = statistics.median(seconds)
        print(f"{name:18} median {medians[name] * 1000:.0f} ms")
    print(f"ratio {medians['shopkeeper --help'] / medians['python -c pass']:.1f}")


if __name__ == "__main__":
    main()
