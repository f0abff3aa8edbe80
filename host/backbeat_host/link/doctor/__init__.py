"""What may be wrong with a board, one check after the other, each with its remedy."""
