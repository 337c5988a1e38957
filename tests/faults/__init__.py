"""Faults of the disk, made by a library that stands before the C library's calls."""
