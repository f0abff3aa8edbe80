"""The motion sensor and its bus, down to the registers."""
