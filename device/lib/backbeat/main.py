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
_SOON_MS = const(10_000)  # a session that fails sooner would fail for ever
_SHOWN_MS = const(2000)  # the light shows every so often that the board charges,
_LIT_MS = const(300)  # for so long; twice in service mode


def main(board):
    """Run sessions for ever: the first at once when `start` is "power" or one was broken off, each other by a press."""
    store = board.store
    values, complaints = store.settings()
    continued = store.broken_off()
    alarmed = continued > 0 and store.alarmed()
    at_once = values["start"] == "power" or continued > 0
    if store.at_once():
        at_once = True
    elif store.service:
        _wait(board, values, cues.SERVICE)
        board.begin()
    cue = cues.READY
    bare = False
    while True:
        if not at_once:
            _wait(board, values, cue)
        cue = cues.NONE
        at_once = False
        log = Writer(store.new_session())
        log.header(board.clock(), continued, __version__ + "," + board.id + "," + board.uid)
        log.settings(settings.dump(values))
        session = Session(values, board, log, continued, alarmed)
        continued = 0
        alarmed = False
        try:
            run(board, session, complaints, bare)
            bare = False
        except Exception as error:
            store.crashed(error, log.session)
            if session.cut_off:
                if session.ms < _SOON_MS:
                    if bare:
                        raise
                    bare = True  # sensing is at fault, if anything: beats and a log are better than nothing
                at_once = True
                continued = log.session
                alarmed = session.alarmed
        finally:
            if session.mounted:
                _keep_mount(board, session.body.frame, values, complaints)
            if not continued:
                store.ended()
        if session.service:
            board.service()
        del log, session  # their memory is needed for the next


def _keep_mount(board, frame, values, complaints):
    """What the session found out about the mount holds from now on; a file that was not all understood stays as it is,
    for whoever wrote it."""
    for name, row in (("mount.forward", 0), ("mount.up", 2)):
        values[name] = tuple([min(max(frame.part(row, axis), -1000), 1000) for axis in range(3)])
    if not complaints:
        board.store.keep(values)


def _wait(board, values, cue):
    """Play a cue and what the self-test found, then wait for the button to go down, or to be stuck or dead so long."""
    try:
        board.fifo.sleep()
    except OSError:
        pass  # told below
    player = cues.Player(board, values["volume"], True, True, True)
    now = board.ticks()
    if cue != cues.NONE:
        player.play(cue, now)
        selftest.play(board, player, now)
    stuck_at = add(now, _STUCK_MS)
    held = True
    while held or not board.button.pressed():
        now = board.ticks()
        held = held and board.button.pressed()
        if (held or selftest.buttonless(board)) and diff(now, stuck_at) >= 0:
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
