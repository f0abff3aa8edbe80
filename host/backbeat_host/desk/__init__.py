"""A chip on the desk, behind an adapter on USB or on a Raspberry Pi's pins: the firmware runs on it, live."""
