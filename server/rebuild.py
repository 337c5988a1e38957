"""Building again what is served: ``python -m server.rebuild DATA MODEL``, in a process of its own.

No file is added or taken out; the next generation has what people decided since the last.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kg.errors import FindingsError
from kg.generations import open_generation
from kg.priority import give_way
from server.building import Building


def rebuild(home: Path, model: str) -> None:
    """Build the served collection again.

    :raises FindingsError: when a file is not where it was read, since building without it
        would take the document out; or for whatever stops any build.
    """
    gone = [s.path for s in open_generation(home).manifest.sources if not Path(s.path).is_file()]
    if gone:
        raise FindingsError(
            "The collection was not built again.",
            why=f"{len(gone)} of its files are no longer where they were read.",
            cure="Run `findings build` over the folder that holds them now.",
        )
    Building.of(home, model).add([])


def main(arguments: list[str]) -> int:
    """Exit status 0, or 1 with what went wrong on standard error."""
    home, model = arguments
    give_way()
    try:
        rebuild(Path(home), model)
    except FindingsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
