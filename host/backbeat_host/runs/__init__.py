"""What comes back from a run: decode, tell, draw, sound."""
