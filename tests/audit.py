"""Known vulnerabilities of the pinned packages, as pip-audit finds them in the OSV database.

python -m tests.audit [--required] [ADDRESS]

The database is asked over the network, which no other step of the project needs. Where it
cannot be reached that is said, and is no failure unless ``--required``. Ends with 1 when a
package has a known vulnerability.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

CONSTRAINTS = Path(__file__).parent.parent / "constraints.txt"


class Vulnerability(msgspec.Struct, frozen=True):
    """One advisory, and the versions without what it tells of."""

    id: str
    fix_versions: tuple[str, ...]


class Package(msgspec.Struct, frozen=True):
    """One pinned package and what is known of it."""

    name: str
    version: str = ""
    vulns: tuple[Vulnerability, ...] = ()


class Report(msgspec.Struct, frozen=True):
    """What pip-audit says of all."""

    dependencies: tuple[Package, ...]


def main(arguments: Sequence[str]) -> int:
    """Ask, and say in one line for each vulnerability, or in one for all."""
    required = "--required" in arguments
    addresses = [each for each in arguments if each != "--required"]
    told = _asked(addresses)
    if told is None:
        print("audit: the database of vulnerabilities cannot be reached; nothing was compared.")
        return int(required)
    found = [(each, flaw) for each in told.dependencies for flaw in each.vulns]
    for package, flaw in found:
        cure = ", ".join(flaw.fix_versions) or "no version yet"
        print(f"audit: {package.name} {package.version}: {flaw.id}; mended in {cure}.")
    print(f"audit: {len(told.dependencies)} packages compared, {len(found)} vulnerabilities known.")
    return int(bool(found))


def _asked(addresses: Sequence[str]) -> Report | None:
    """What the database says; None when it cannot be reached."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(CONSTRAINTS), "--no-deps",
               "--disable-pip", "--progress-spinner", "off", "--format", "json",
               "--vulnerability-service", "osv"]  # fmt: skip
    command += [word for each in addresses for word in ("--osv-url", each)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.stdout:
        return msgspec.json.decode(done.stdout, type=Report)
    if "onnection" in done.stderr or "imeout" in done.stderr:
        return None
    raise SystemExit(f"audit: {done.stderr}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
