"""Rotations of a body in time: vectors to matrices and back, rates, the shapes by which turns begin and end.

A rotation matrix turns body (or chip) axes into those they are given in; arrays of them have shape (n, 3, 3).
"""

from itertools import permutations, product

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_TINY = 1e-9  # radians: below, a sine is its angle


def smooth(u: Floats | float) -> Floats:
    """Go from 0 to 1 with least jerk while u does; flat outside."""
    v = np.clip(np.asarray(u, dtype=np.float64), 0, 1)
    return np.asarray(v**3 * (10 - 15 * v + 6 * v * v), dtype=np.float64)


def turn(vectors: npt.ArrayLike) -> Floats:
    """Give the matrices (..., 3, 3) of rotation vectors (..., 3) in radians."""
    given = np.asarray(vectors, dtype=np.float64)
    angle = np.linalg.norm(given, axis=-1)[..., None, None]
    near = angle < _TINY
    axis = given / np.where(near, 1.0, angle)[..., 0]
    cross = np.zeros((*given.shape[:-1], 3, 3))
    cross[..., 0, 1], cross[..., 0, 2], cross[..., 1, 2] = -axis[..., 2], axis[..., 1], -axis[..., 0]
    cross[..., 1, 0], cross[..., 2, 0], cross[..., 2, 1] = axis[..., 2], -axis[..., 1], axis[..., 0]
    made = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross)
    return np.asarray(made, dtype=np.float64)


def vector(matrices: Floats) -> Floats:
    """Give the rotation vectors (..., 3) of matrices (..., 3, 3), of at most half a turn each."""
    trace = np.trace(matrices, axis1=-2, axis2=-1)[..., None]
    diagonal = np.diagonal(matrices, axis1=-2, axis2=-1)
    squares = np.concatenate([1 + trace, 1 - trace + 2 * diagonal], axis=-1)  # four times those of the quaternion
    odd = np.stack([matrices[..., i, j] - matrices[..., j, i] for i, j in ((2, 1), (0, 2), (1, 0))], axis=-1)
    even = {
        pair: matrices[..., pair[0], pair[1]] + matrices[..., pair[1], pair[0]] for pair in ((0, 1), (0, 2), (1, 2))
    }
    rows = [  # the quaternion times four times its part 0, 1, 2 or 3: the largest part divides best
        [squares[..., 0], odd[..., 0], odd[..., 1], odd[..., 2]],
        [odd[..., 0], squares[..., 1], even[0, 1], even[0, 2]],
        [odd[..., 1], even[0, 1], squares[..., 2], even[1, 2]],
        [odd[..., 2], even[0, 2], even[1, 2], squares[..., 3]],
    ]
    table = np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)
    largest = np.argmax(squares, axis=-1)
    chosen = np.take_along_axis(table, largest[..., None, None], axis=-2)[..., 0, :]
    chosen = chosen / np.linalg.norm(chosen, axis=-1)[..., None] * np.where(chosen[..., :1] < 0, -1.0, 1.0)
    size = np.linalg.norm(chosen[..., 1:], axis=-1)[..., None]
    angle = 2 * np.arctan2(size, chosen[..., :1])
    return np.asarray(chosen[..., 1:] * np.where(size < _TINY, 2.0, angle / np.maximum(size, _TINY)), dtype=np.float64)


def rates(matrices: Floats, hz: float) -> Floats:
    """Give the angular rate (n, 3; rad/s, in the turning body's axes) of an orientation known `hz` times a second.

    Central differences, so a sum over the rates is the rotation there was.
    """
    last, following = matrices[:-1], matrices[1:]
    between = vector(np.swapaxes(last, -1, -2) @ following) * hz
    made = np.empty((len(matrices), 3))
    made[1:-1] = (between[:-1] + between[1:]) / 2
    made[0], made[-1] = between[0], between[-1]
    return made


def orientations() -> list[npt.NDArray[np.int64]]:
    """List the 24 ways a box can sit: matrices of 0, 1 and -1 that turn and do not mirror, the plain one first."""
    found = []
    for order in permutations(range(3)):
        for signs in product((1, -1), repeat=3):
            matrix = np.zeros((3, 3), dtype=np.int64)
            matrix[range(3), order] = signs
            if round(float(np.linalg.det(matrix))) == 1:
                found.append(matrix)
    return found


def noise(rng: np.random.Generator, times: Floats, slowest: float, fastest: float, columns: int = 3) -> Floats:
    """Make smooth noise (n, columns) of unit rms between two frequencies (Hz): sinusoids of random phase."""
    waves = 12
    frequency = rng.uniform(slowest, fastest, (waves, columns))
    phase = rng.random((waves, columns))
    made = np.zeros((len(times), columns))
    for wave in range(waves):
        made += np.sin(2 * np.pi * (times[:, None] * frequency[wave] + phase[wave]))
    return np.asarray(made * np.sqrt(2 / waves), dtype=np.float64)
