"""What all tests share: where the shared recordings are, and the skipping of what needs them where they are not."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no fault, and what passed once passes again. Who looks for new counterexamples asks for them:
# pytest --hypothesis-profile=search
settings.register_profile(
    "backbeat", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("search", settings.get_profile("backbeat"), derandomize=False, max_examples=1000)
settings.load_profile("backbeat")

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"  # beside the checkout, never inside it


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, and so count, what is marked `corpus` where there is none."""
    if CORPORA.is_dir():
        return
    absent = pytest.mark.skip(reason="the shared recordings (../shared/corpora) are not here")
    for item in items:
        if item.get_closest_marker("corpus"):
            item.add_marker(absent)


_OF_A_TERMINAL = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE")


@pytest.fixture(scope="session", autouse=True)
def the_same_everywhere() -> Iterator[None]:
    """What this terminal is, and what `nohup` or a shell's `&` has ignored, is no affair of the tests'."""
    numbers = (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM))  # Windows has no SIGHUP
    ignored = {number for number in numbers if signal.getsignal(number) == signal.SIG_IGN}
    for number in ignored:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    with pytest.MonkeyPatch.context() as patch:
        for name in _OF_A_TERMINAL:
            patch.delenv(name, raising=False)
        if "TERM" in os.environ:
            patch.setenv("TERM", "xterm-256color")
        yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


@pytest.fixture(scope="session")
def shared_corpora() -> Path:
    """The folder of the corpora; for tests marked `corpus`."""
    return CORPORA
