"""The parts of the picture of a run: what is measured for it, how it looks, one module a panel."""
