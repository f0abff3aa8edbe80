"""The flash drive: who may write it, how long that takes, what faults and a power cut leave."""
