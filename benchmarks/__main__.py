"""``python -m benchmarks [CORPUS]``: build, search, peers, ask, pages and SPARQL, in turn.

``python -m benchmarks NAME …`` runs one alone with its own arguments.

Every figure is a ratio against a peer or a limit measured in the same run, because machines
differ and are noisy.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ALONE = (
    "build",
    "search_latency",
    "peers",
    "ask_latency",
    "pages",
    "sparql",
    "load",
    "size",
    "growth",
)


def main(arguments: Sequence[str]) -> int:
    """Run each as a process of its own; the number of those that missed their goal."""
    if arguments and arguments[0] in ALONE:
        return _run(*arguments)
    corpus = arguments[0] if arguments else "corpus"
    missed = _run("build", corpus)
    with tempfile.TemporaryDirectory() as home:
        command = [Path(sys.executable).with_name("findings"), "build", corpus, "--data", home]
        subprocess.run(command, check=False, stderr=subprocess.DEVNULL)
        missed += _run("search_latency", home)
        missed += _run("peers", home)
        missed += _run("ask_latency", home, str(Path(__file__).parent / "questions.jsonl"))
        missed += _run("pages", home)
    return missed + _run("sparql")


def _run(name: str, *arguments: str) -> int:
    print(f"\n── {name} ──", flush=True)
    done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *arguments], check=False)
    return int(done.returncode != 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
