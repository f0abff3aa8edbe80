"""Running the device code without a board: clock, bus, chip, drive, recordings, a synthetic runner."""
