"""Measurements side by side with peers and limits; ``python -m benchmarks`` runs them all."""
