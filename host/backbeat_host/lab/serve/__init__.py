"""A board to talk to, without a board: the virtual one behind a pseudo-terminal and a drive folder, in real time."""
