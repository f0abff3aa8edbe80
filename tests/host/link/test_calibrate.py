import pytest

from backbeat import settings
from backbeat_host.errors import WorkError
from backbeat_host.link.calibrate import FOUND, STAND, UNKNOWN, WALK, Mount, finish, followed, mount
from backbeat_host.link.monitor import Frame, Silence
from backbeat_host.link.settings import SETTINGS, BoardSettings

from .memory_files import MemoryFiles

BEFORE = Mount((1000, 0, 0), (0, 0, 1000))


def frame(t, *told, state="running"):
    events = [{"event": name} for name in told]
    return Frame(1, t, 0.0, 168.0, 0, "still", "still", 0, 0, 0, state, "", True, 71, 3950, events)


def holding(forward):
    values = {**settings.defaults(), "mount.forward": forward}
    return MemoryFiles({SETTINGS: settings.dump(values).encode()})


def test_each_thing_to_do_is_said_once_up_to_the_find():
    frames = [frame(0.5), frame(1.0), Silence(), frame(5.0), frame(5.5), frame(14.0, "mount_forward"), frame(15.0)]
    assert list(followed(frames, 120)) == [STAND, WALK, FOUND]


def test_who_does_not_walk_is_waited_for_so_long_and_no_longer():
    assert list(followed((frame(float(at)) for at in range(1000)), 30)) == [STAND, WALK]


@pytest.mark.parametrize("silence", [[Silence(prompt=True)], [Silence()] * 9])
def test_a_board_on_which_no_session_begins_is_said(silence):
    with pytest.raises(WorkError, match=r"no session answers.*`backbeat devices`"):
        list(followed(silence, 120))


def test_a_session_that_ends_before_the_find_is_said():
    with pytest.raises(WorkError, match="ended before"):
        list(followed([frame(1.0), frame(2.0, state="ended")], 120))


def test_what_was_found_is_read_back_and_what_was_not_is_put_back():
    files = holding((0, 1000, 0))
    assert finish(files, "board", BEFORE).forward == (0, 1000, 0)
    assert mount(BoardSettings(files, "board")).forward == (0, 1000, 0)
    files = holding(UNKNOWN)
    assert not finish(files, "board", BEFORE).known
    assert mount(BoardSettings(files, "board")) == BEFORE
    files = holding(UNKNOWN)
    finish(files, "board", Mount(UNKNOWN, (0, 0, 1000)))
    assert mount(BoardSettings(files, "board")).forward == UNKNOWN
