"""Recordings of people, read from whatever they come in, as trials at 104 Hz."""
