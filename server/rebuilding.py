"""Rebuilds that the service starts after a decision: one at a time, in a child process.

ask() ──▶ waiting ──▶ building ──▶ done, or failed with what the child said
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec
import structlog
from flask import Flask, current_app

log = structlog.get_logger("findings")

State = Literal["off", "idle", "building", "failed"]
LONGEST_SECONDS = 6 * 3600
SAID = 600
"""Characters of a failed build's last words that are kept."""


class Rebuild(msgspec.Struct, frozen=True):
    """How the last rebuild stands; ``why`` is what a failed one said."""

    state: State
    why: str = ""


class Rebuilder:
    """Builds again when asked; asked while it builds, it builds once more."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = list(command)
        self._changed = threading.Condition()
        self._asked = False
        self._rebuild = Rebuild("idle" if self._command else "off")

    @classmethod
    def of(cls, home: Path, model: str) -> Rebuilder:
        """Rebuilds the served collection of a data directory."""
        return cls([sys.executable, "-m", "server.rebuild", str(home.absolute()), model])

    def now(self) -> Rebuild:
        """How it stands."""
        with self._changed:
            return self._rebuild

    def ask(self) -> None:
        """Build again, soon; does nothing where rebuilding is off."""
        with self._changed:
            if self._rebuild.state == "off":
                return
            self._asked = True
            if self._rebuild.state != "building":
                self._rebuild = Rebuild("building")
                threading.Thread(target=self._run, name="rebuilder", daemon=True).start()

    def wait(self, seconds: float) -> Rebuild:
        """How it stands once nothing is being built, or after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._rebuild.state != "building", seconds)
            return self._rebuild

    def _run(self) -> None:
        while True:
            with self._changed:
                self._asked = False
            ended = self._once()
            with self._changed:
                if not self._asked:
                    self._rebuild = ended
                    self._changed.notify_all()
                    return

    def _once(self) -> Rebuild:
        try:
            done = subprocess.run(  # noqa: S603 - our own module, no word of a visitor's
                self._command, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            log.error("rebuild failed", why=str(error))
            return Rebuild("failed", f"{error}"[:SAID])
        if done.returncode:
            log.error("rebuild failed", why=done.stderr[-SAID:])
            return Rebuild("failed", done.stderr.strip()[-SAID:])
        log.info("rebuild done")
        return Rebuild("idle")


def use(app: Flask, rebuilder: Rebuilder) -> None:
    """Let the views of an application ask for rebuilds."""
    app.extensions["rebuilder"] = rebuilder


def rebuilder() -> Rebuilder:
    """The rebuilder of this application."""
    found: Rebuilder = current_app.extensions["rebuilder"]
    return found
