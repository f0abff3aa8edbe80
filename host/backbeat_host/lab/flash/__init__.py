"""The flash drive: who may write it, how long that takes, what a power cut leaves."""
