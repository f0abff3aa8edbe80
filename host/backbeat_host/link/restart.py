"""A board started anew, awaited, and asked what it is now."""

import time
from collections.abc import Callable
from typing import TypeVar

from backbeat_host.errors import WorkError
from backbeat_host.link.console import Console
from backbeat_host.link.found import Found, again

_AWAY_S = 0.5  # a port that is still there so soon after a reset is the old one
_BACK_S = 30.0  # an nRF52840 is back after 3 s, a slow laptop's system takes longer to say so
_LOOK_S = 0.25

_T = TypeVar("_T")


def wait_for(
    look: Callable[[], _T | None],
    seconds: float = _BACK_S,
    rest: Callable[[float], object] = time.sleep,
    now: Callable[[], float] = time.monotonic,
) -> _T | None:
    """Wait after a reset until `look` gives something; None when it never did.

    What fails is tried again: the board is starting still, or the system gives the permission a little later.

    Raises:
        OSError: the last failure, where nothing came in time.
    """
    limit = now() + seconds
    last: OSError | None = None
    rest(_AWAY_S)
    while True:
        try:
            if (given := look()) is not None:
                return given
        except OSError as error:
            last = error
        if now() >= limit:
            break
        rest(_LOOK_S)
    if last is not None:
        raise last
    return None


def wait_until_back(found: Found) -> Found:
    """Wait for a board that starts anew.

    Raises:
        WorkError: it does not come back.
    """
    back = wait_for(lambda: again(found))
    if back is None:
        raise _not_back(found)
    return back


def answer(found: Found, ask: Callable[[Console], _T]) -> _T | None:
    """Give what the board's console, which `ask` enters, answers now; None while the board is away.

    Raises:
        OSError: it does not answer, or not yet.
    """
    board = again(found)
    if board is None or board.port is None:
        return None
    with Console(board.port) as console:
        return ask(console)


def version_after_restart(found: Found) -> str:
    """Wait for a board that starts anew and give the version of Backbeat that it imports; its code runs again then.

    Raises:
        WorkError: it does not come back, or what it has cannot be imported.
    """
    try:
        version = wait_for(lambda: answer(found, _version))
    except OSError as error:
        raise _not_back(found, f" ({error.strerror or error})") from error
    if version is None:
        raise _not_back(found)
    return version


def _version(console: Console) -> str:
    console.enter(runs=True)
    try:
        return str(console.value("__import__('backbeat').__version__"))
    finally:
        console.leave()


def _not_back(found: Found, reason: str = "") -> WorkError:
    return WorkError(
        f"{found.where}: it did not come back{reason}; press its reset button, then see `backbeat devices`."
    )
