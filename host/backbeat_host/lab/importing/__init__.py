"""Recordings as others published them, turned into a corpus: which files are theirs, and what their names say."""
