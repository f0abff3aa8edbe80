"""Signals from outside end a command as ctrl-C does."""

import signal
import sys

import pytest

from backbeat_host.cli.endings import as_ctrl_c

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_the_first_is_a_ctrl_c_and_those_that_follow_do_not_disturb_what_is_put_back(name):
    number = getattr(signal, name)
    before = signal.getsignal(number)
    put_back = False
    with as_ctrl_c():
        try:
            signal.raise_signal(number)
        except KeyboardInterrupt:
            signal.raise_signal(number)
            signal.raise_signal(signal.SIGTERM)
            put_back = True
    assert put_back and signal.getsignal(number) == before


def test_what_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with as_ctrl_c():
            signal.raise_signal(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
