"""A trunk that was fed blocks by hand: each is what its body felt in 77 ms."""

from backbeat.sense.trunk import Trunk


class Felt:
    """Stands for the frame and the shake of one block: mg and dps in body axes, the hardest |a| in mg, unrest in mg."""

    def __init__(self, acc=(0, 0, 1000), rate=(0, 0, 0), top=0, unrest=0):
        self.x, self.y, self.z = acc
        self.p, self.q, self.r = rate
        hardest = top or round(sum(value * value for value in acc) ** 0.5)
        self.top = (hardest * 1024 // 1000) ** 2
        self.top_at = 0
        self.unrest = 8 * unrest


def trunk_of(*stretches):
    """Feed (blocks, Felt) stretches."""
    trunk = Trunk()
    for blocks, felt in stretches:
        for _ in range(blocks):
            felt.top_at = trunk.past.count * 8
            trunk.past.close(felt, felt)
    return trunk
