"""Square root and angle in whole numbers, for decisions that must be the same to the bit everywhere."""


def root(square):
    """Give the largest whole number whose square is not above `square` (0 to 2**30 - 1)."""
    if square < 2:
        return square
    guess = 1 << 15
    while True:
        better = (guess + square // guess) >> 1
        if better >= guess:
            return guess
        guess = better


def angle(y, x):
    """Give the direction of (x, y) in whole degrees, -179 to 180, counter-clockwise from x; 0 for (0, 0).

    |x|, |y| below 2**17. atan(r) for r in 0..1 by r * (45 + 15.64 * (1 - r)) degrees: good to a degree
    (the usual second-order fit, off by at most 0.0038 rad; the rest is rounding).
    """
    ax, ay = abs(x), abs(y)
    if ax == 0 and ay == 0:
        return 0
    r = (ay << 10) // ax if ay <= ax else (ax << 10) // ay
    degrees = (r * (4500 + (1564 * (1024 - r) >> 10)) // 1024 + 50) // 100
    if ay > ax:
        degrees = 90 - degrees
    if x < 0:
        degrees = 180 - degrees
    return -degrees if y < 0 and degrees != 180 else degrees
