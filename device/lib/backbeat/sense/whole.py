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
    """Give the direction of (x, y), |x|, |y| below 2**17, in degrees, -179 to 180, left of x; 0 for (0, 0).

    atan(r) in 0..1 as r * (45 + 15.64 * (1 - r)), the usual second-order fit: with rounding good to a degree.
    """
    ax = abs(x)
    ay = abs(y)
    if ax == ay == 0:
        return 0
    r = (ay << 10) // ax if ay <= ax else (ax << 10) // ay
    degrees = (r * (4500 + (1564 * (1024 - r) >> 10)) // 1024 + 50) // 100
    if ay > ax:
        degrees = 90 - degrees
    if x < 0:
        degrees = 180 - degrees
    return -degrees if y < 0 and degrees != 180 else degrees
