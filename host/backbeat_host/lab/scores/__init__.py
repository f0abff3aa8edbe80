"""Scoring: what was told held against what is known, in numbers; knows nothing of how anything was sensed."""
