"""A sample must cost little: on an RP2040 the reference loop takes 0.27 ms, so 3.5 of it are about 1 ms of 9.6."""

from ...bench.bench_core import measure, rows_of_all_kinds

MOST = 3.5  # times the reference loop


def test_a_sample_costs_the_session_at_most_so_many_reference_loops(micropython):
    reference, senses, session = measure(rows_of_all_kinds())
    assert 0 < senses < session
    assert session / reference < MOST
