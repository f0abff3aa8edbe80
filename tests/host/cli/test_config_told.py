"""How settings look in a terminal that has little room."""

import sys

import pytest
from rich.console import Console


@pytest.mark.parametrize("words", [["show"], ["docs"]])
def test_a_narrow_terminal_cuts_off_no_name(backbeat, monkeypatch, tmp_path, words):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("platformdirs.user_config_path", lambda name: tmp_path / name)
    monkeypatch.setattr("backbeat_host.cli.config.output", lambda: Console(width=40, file=sys.stdout))
    told = backbeat("config", *words).out
    assert "alarm.countdown" in told and "fall.sensitivity" in told and "…" not in told
