"""Find the board, run sessions on it."""

from backbeat.board import find
from backbeat.run import main

main(find())
