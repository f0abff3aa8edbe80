"""Find the board, run sessions on it."""

from backbeat.board import find
from backbeat.main import main

main(find())
