"""A synthetic runner: a script of acts becomes a recording, by a physical model."""
