"""What the processor can do, read from the system and without loading a library."""

from __future__ import annotations

from pathlib import Path


def native_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 itself; emulated, it is slower than float32."""
    try:
        said = Path("/proc/cpuinfo").read_text("utf-8", "replace")
    except OSError:
        return False
    flags = {flag for line in said.splitlines() for flag in line.partition(":")[2].split()}
    return not flags.isdisjoint({"avx512_bf16", "amx_bf16", "bf16"})
