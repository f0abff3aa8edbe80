"""From power to power: say that all is well, wait for a press, run one session after the other.

A session that an error, a brown-out or the watchdog broke off is continued by a new one at once, for a runner without
a beat is lost.
"""

from micropython import const

from backbeat import __version__, cues, selftest, settings
from backbeat.record import Writer
from backbeat.run import run
from backbeat.session import Session
from backbeat.ticks import add, diff

_LOOK_MS = const(20)  # between looks at the button
_STUCK_MS = const(10_000)  # nobody holds a button that long: it is stuck, and the wearer needs a beat all the same
_SOON_MS = const(10_000)  # a session that fails sooner fails by its sensing, if by anything
_LONG_MS = const(60_000)  # after so long an error is none in a row
_SHOWN_MS = const(2000)  # the light shows every so often that the board charges,
_LIT_MS = const(300)  # for so long; twice in service mode


def main(board):
    """Run sessions for ever: the first at once when `start` is "power" or one was broken off, each other by a press.

    An error ends a session, and another goes on at once; after the second in a row, or an early one, without the
    sensor: beats and a log are better than nothing. When that fails as well a press tries again.
    """
    store = board.store
    values, complaints = store.settings()
    begun = store.at_once()  # by a press in service mode: another run, not the one that was broken off before
    continued = 0 if begun else store.broken_off()
    alarmed = continued > 0 and store.alarmed()
    at_once = begun or continued > 0 or values["start"] == "power"
    if store.service and not begun:
        _wait(board, values, cues.SERVICE)
        board.begin()
    cue = cues.READY
    errors = 0  # in a row
    while True:
        if not at_once:
            _wait(board, values, cue)
        cue = cues.NONE
        at_once = False
        number = store.new_session(alarmed)
        bare = errors > 1
        log = session = None  # the memory of the last is needed
        try:
            log = Writer(number)
            log.header(board.clock(), continued, __version__ + "," + board.id + "," + board.uid)
            log.settings(settings.dump(values))
            session = Session(values, board, log, continued, alarmed)
            continued = 0
            alarmed = False
            run(board, session, complaints, bare)
            errors = 0
        except Exception as error:
            store.crashed(error, number)
            continued = 0
            if session is None or session.cut_off:
                lasted = 0 if session is None else session.ms
                errors = 1 if lasted >= _LONG_MS else errors + 1 if lasted >= _SOON_MS else errors + 2
                if bare and lasted < _LONG_MS:
                    errors = 0
                    alarmed = False  # a press begins another run
                    cue = cues.READY
                else:
                    at_once = True
                    continued = number
                    alarmed = alarmed if session is None else session.alarmed
        finally:
            if session is not None and session.mounted:
                _keep_mount(board, session.body.frame, values, complaints)
            if not continued:
                store.ended()
        if session is not None and session.service:
            board.service()


def _keep_mount(board, frame, values, complaints):
    """What the session found out about the mount holds from now on; a file that was not all understood stays as it is,
    for whoever wrote it."""
    for name, row in (("mount.forward", 0), ("mount.up", 2)):
        values[name] = tuple([min(max(frame.part(row, axis), -1000), 1000) for axis in range(3)])
    if not complaints:
        board.store.keep(values)


def _wait(board, values, cue):
    """Play a cue and what the self-test found, then wait until a session is to begin."""
    try:
        board.fifo.sleep()
    except OSError:
        pass  # told below
    player = cues.Player(board, values["volume"], True, True, True)
    now = board.ticks()
    if cue != cues.NONE:
        selftest.play(board, player, cue, now)
    gives_up_at = add(now, _STUCK_MS)
    up = False  # the button was seen so
    while True:
        now = board.ticks()
        pressed = board.button.pressed()
        if pressed and up:
            break
        up = up or not pressed
        if (not up or selftest.buttonless(board)) and diff(now, gives_up_at) >= 0 and _may_begin(board, cue):
            break
        player.poll(now)
        waiting = player.next_cue(now)
        if waiting != cues.NONE:
            player.play(waiting, now)
        if player.settled():
            _shine(board, now, cue)
        board.feed()
        board.rest(add(now, _LOOK_MS))
    player.stop()


def _may_begin(board, cue):
    """Tell whether a session may begin without a press: not while a laptop may be writing, nor on an empty battery."""
    return cue != cues.SERVICE and (board.battery is None or not board.battery.empty)


def _shine(board, now, cue):
    """Show by the light what the board is waiting for, with little current."""
    phase = now % _SHOWN_MS
    lit = phase < _LIT_MS and board.plugged()
    if cue == cues.SERVICE:
        lit = phase < _LIT_MS or 2 * _LIT_MS <= phase < 3 * _LIT_MS
    if lit:
        board.light.on()
    else:
        board.light.off()
