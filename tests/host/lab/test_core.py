"""The core alone: what its faked parts note."""

from backbeat import settings
from backbeat_host.lab.core import END_AFTER_MS, run_core
from backbeat_host.lab.runner.acts import Fall, Lie, Stand
from backbeat_host.lab.runner.synthetic import synthetic


def test_the_last_sound_ends_with_the_session():
    rows = synthetic([Stand(3), Fall("backward"), Lie(22)], 3).rows
    ended = []
    run = run_core(rows, settings.defaults(), lambda ms, code, a, b, c: ended.append(ms))
    last = int(len(rows) * 1000 / 104) + END_AFTER_MS
    assert ended[-1] == last
    assert [(at, hz) for at, hz in run.edges if at > (last - END_AFTER_MS) / 1000] == [(last / 1000, 0)]
