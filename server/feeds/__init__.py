"""Atom feeds of what changed, made from the log that generations carry (:mod:`kg.changes`)."""
