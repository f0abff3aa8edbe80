"""A board started anew, awaited, and asked which Backbeat it runs."""

import time
from collections.abc import Callable

from backbeat_host.errors import WorkError
from backbeat_host.link.console import Console

_AWAY_S = 0.5  # a port that is still there so soon after a reset is the old one
_BACK_S = 30.0  # an nRF52840 is back after 3 s, a slow laptop's system takes longer to say so
_LOOK_S = 0.25

Look = Callable[[], str | None]  # the board's port, None while it is away


def version_after_restart(
    look: Look, rest: Callable[[float], object] = time.sleep, now: Callable[[], float] = time.monotonic
) -> str:
    """Wait for a board that starts anew and give the version of Backbeat that it imports; its code runs again then.

    Raises:
        WorkError: it does not come back, or what it has cannot be imported.
    """
    rest(_AWAY_S)
    limit = now() + _BACK_S
    last: OSError | None = None
    while now() < limit:
        port = look()
        if port is not None:
            try:
                return _version(port)
            except OSError as error:
                last = error  # it is starting still, or the system gives the permission a little later
        rest(_LOOK_S)
    reason = f" ({last.strerror or last})" if last else ""
    raise WorkError(f"the board did not come back{reason}; press its reset button, then see `backbeat devices`.")


def _version(port: str) -> str:
    with Console(port) as console:
        console.enter(runs=True)
        try:
            return str(console.value("__import__('backbeat').__version__"))
        finally:
            console.leave()
