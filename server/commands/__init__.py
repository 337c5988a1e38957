"""The commands of ``findings``, by what they are for; :mod:`server.cli` puts them together."""
