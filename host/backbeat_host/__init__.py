"""Backbeat on the laptop: everything before and after a run, and the board that needs no board."""
