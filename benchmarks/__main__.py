"""``python -m benchmarks [CORPUS]``: build, search, ask and SPARQL, one after the other.

Every figure is a ratio against a peer or a limit measured in the same run, because machines
differ and are noisy.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str]) -> int:
    """Run each as a process of its own; the number of those that missed their goal."""
    corpus = arguments[0] if arguments else "corpus"
    missed = _run("build", corpus)
    with tempfile.TemporaryDirectory() as home:
        command = [Path(sys.executable).with_name("findings"), "build", corpus, "--data", home]
        subprocess.run(command, check=False, stderr=subprocess.DEVNULL)
        missed += _run("search_latency", home)
        missed += _run("ask_latency", home, str(Path(__file__).parent / "questions.jsonl"))
    return missed + _run("sparql")


def _run(name: str, *arguments: str) -> int:
    print(f"\n── {name} ──", flush=True)
    done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *arguments], check=False)
    return int(done.returncode != 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
