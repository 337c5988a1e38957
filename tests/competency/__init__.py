"""Competency questions: what a user of the graph must be able to ask, as queries with answers."""
