"""What a sample costs in MicroPython: the senses and the whole session, against the reference loop beside this file.

Run by hand from the checkout: `.venv/bin/python -m tests.bench.bench_core`. The test of the cost runs the same.
"""

from pathlib import Path

from backbeat_host.lab.recordings.trial import Rows
from backbeat_host.lab.runner.acts import Fall, Lie, Run, Stand, Walk
from backbeat_host.lab.runner.synthetic import synthetic

from ..device.interpreter import core_program
from ..device.interpreter.engine import core_files, run_micropython

REFERENCE = Path(__file__).parent / "reference_loop.py"
PASSES = 15  # the least of each piece counts: whatever else the machine does only adds

PROGRAM = """
from time import ticks_diff, ticks_us
from array import array
from core_program import TICKS, Run
from reference_loop import Reference
from backbeat.sense.body import Body

with open("/rows.bin", "rb") as file:
    rows = array("h", file.read())
PIECE = 6 * 2000  # long against the clock's millisecond, short against what else the machine does
PIECES = len(rows) // PIECE
TIMES = (16, 4, 1, 1)  # all are timed about as long: the clock's grain and a busy machine weigh on each alike

def spend(feel, times, least):
    for piece in range(PIECES):
        begin = ticks_us()
        for _ in range(times):
            for at in range(piece * PIECE, (piece + 1) * PIECE, 6):
                feel(rows[at], rows[at + 1], rows[at + 2], rows[at + 3], rows[at + 4], rows[at + 5])
        least[piece] = min(least[piece], ticks_diff(ticks_us(), begin))

def session():
    run = Run(rows, {})
    run.begin()
    sample = run.session.sample
    log = run.log
    def feel(ax, ay, az, gx, gy, gz):
        sample(TICKS, ax, ay, az, gx, gy, gz)
        while log.waiting:
            log.written()
    return feel

def nothing(ax, ay, az, gx, gy, gz):
    pass

least = [[1 << 29] * PIECES for _ in range(4)]
for _ in range(PASSES):
    for i, feel in enumerate((nothing, Reference().feel, Body((1000, 0, 0), (0, 0, 1000), 1).feel, session())):
        spend(feel, TIMES[i], least[i])
print(*[sum(pieces) / times for pieces, times in zip(least, TIMES)], PIECES * PIECE // 6)
"""


def rows_of_all_kinds() -> Rows:
    """Give a minute of standing, walking, running, a fall and lying."""
    return synthetic([Stand(5), Walk("forward", 15), Run("backward", 25), Fall("backward"), Lie(10)], 1).rows


def measure(rows: Rows, passes: int = PASSES) -> tuple[float, float, float]:
    """Give microseconds a sample of the reference loop, the senses (`Body`) and the session, without the bare call."""
    files = {
        **core_files(),
        "/lib/core_program.py": Path(core_program.__file__),
        "/lib/reference_loop.py": REFERENCE,
        "/rows.bin": rows.astype("<i2").tobytes(),
    }
    said = run_micropython(PROGRAM.replace("PASSES", str(passes)), files)
    *spent, samples = map(float, said.split())
    nothing, reference, senses, session = (one / samples for one in spent)
    return reference - nothing, senses - nothing, session - nothing


def main() -> None:
    """Print the costs."""
    reference, senses, session = measure(rows_of_all_kinds())
    print(f"reference loop {reference:6.2f} us a sample")
    print(f"senses         {senses:6.2f} us a sample, {senses / reference:.2f} times the reference (goal 3.5)")
    print(f"session        {session:6.2f} us a sample, {session / reference:.2f} times the reference")


if __name__ == "__main__":
    main()
