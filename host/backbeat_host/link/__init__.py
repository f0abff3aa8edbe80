"""Reaching a board: what goes onto its drive, and how it gets there."""
