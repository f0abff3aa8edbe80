"""The weights of a fall: figures heard from the device's own code, fitted, scored by subject, written as a module."""
