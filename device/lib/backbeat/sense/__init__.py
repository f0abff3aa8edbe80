"""The body: from the chip's counts to steps, gait, direction of travel, falls and rolls, in whole numbers."""
