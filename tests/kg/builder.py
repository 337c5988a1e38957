"""Builds in processes of their own, which a test can kill; quick to start by forking."""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing.process import BaseProcess
from pathlib import Path

from kg.pipeline import BuildSettings, build
from kg.progress import Quiet
from tests.kg import toy


def run(files: Path, home: Path, crash_at: str) -> None:
    """One build; dies at the named step."""
    os.environ["FINDINGS_CRASH_AT"] = crash_at
    build([files], home, BuildSettings(), indexers=[toy.Index()], report=Quiet(), tools=toy.tools())


def start(files: Path, home: Path, crash_at: str = "") -> BaseProcess:
    """Begin a build in another process."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=run, args=(files, home, crash_at))
    process.start()
    return process
