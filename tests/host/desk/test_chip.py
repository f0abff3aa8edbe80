"""A FIFO behind a slow adapter: looked at when there is time, nothing lost when there is none."""

from array import array

import pytest

from backbeat_host.desk.chip import PatientFifo


class Slow:
    """A FIFO at 104 Hz that takes ms for each transfer; four samples a transfer."""

    def __init__(self, cost: int) -> None:
        self.ms = 1000
        self.cost = cost
        self.works = True
        self.overrun = False
        self.who = 0x6C
        self.sample = array("h", [0] * 6)
        self.taken = 0
        self.at_hand = 0
        self.waiting = 0
        self.error = False

    def ticks(self) -> int:
        return self.ms

    def restart(self) -> None:
        self.works = True

    def level(self) -> int:
        self.ms += self.cost
        if self.error:
            raise OSError(19)
        self.waiting = self.at_hand + (self.ms - 1000) * 104 // 1000 - self.taken - self.at_hand
        return self.waiting

    def read(self) -> bool:
        if not self.at_hand:
            self.ms += self.cost
            self.at_hand = min(4, self.waiting)
        self.at_hand -= 1
        self.waiting -= 1
        self.sample[0] = self.taken % 1000
        self.taken += 1
        return True


def made(slow: Slow) -> PatientFifo:
    return PatientFifo(slow, slow.ticks, lambda: slow.at_hand > 0)


def ride(slow: Slow, patient: PatientFifo, until: int, beat: int = 350) -> tuple[list[int], int]:
    """Run a loop as the firmware's; give the samples and by how much the worst beat was late."""
    due, late, samples = slow.ms + beat, 0, []
    patient.room = lambda: max(due - slow.ms, 0)
    while slow.ms < until:
        if slow.ms >= due:
            late = max(late, slow.ms - due)
            due += beat
        for _ in range(patient.level()):
            if patient.read():
                samples.append(patient.sample[0])
        slow.ms += 1
    return samples, late


@pytest.mark.parametrize("cost", [1, 5, 14])
def test_every_sample_comes_in_order_and_no_beat_waits(cost):
    slow = Slow(cost)
    samples, late = ride(slow, made(slow), 20_000)
    assert samples == [at % 1000 for at in range(len(samples))]
    assert len(samples) == pytest.approx(19 * 104, abs=60)
    assert late <= 1


def test_where_nothing_ever_fits_it_is_looked_at_all_the_same():
    slow = Slow(14)
    patient = made(slow)
    samples, _ = ride(slow, patient, 5_000, beat=10)
    assert len(samples) > 60


def test_a_fast_adapter_is_looked_at_often():
    slow = Slow(1)
    patient = made(slow)
    found = []
    for _ in range(20):
        slow.ms += 19
        found.append(patient.level())
        while patient.read():
            pass
    assert found.count(0) == 0 and max(found) <= 3


def test_half_of_the_time_is_for_the_rest_of_the_run():
    slow = Slow(14)
    patient = made(slow)
    began, spent = slow.ms, 0
    for _ in range(2000):
        before = slow.ms
        for _ in range(patient.level()):
            patient.read()
        spent += slow.ms - before
        slow.ms += 5
    assert spent < 0.6 * (slow.ms - began)


def test_a_failure_passes_through_and_what_was_fetched_before_a_restart_is_forgotten():
    slow = Slow(5)
    patient = made(slow)
    slow.ms += 100
    assert patient.level() > 0
    slow.error = True
    slow.ms += 500
    with pytest.raises(OSError):
        patient.level()
    patient.works = False
    assert not slow.works
    patient.restart()
    assert slow.works and patient.works and not patient.read()
