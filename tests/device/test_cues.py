from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat import cues, names
from backbeat.cues import Player
from backbeat.ticks import PERIOD, add, diff

from .parts import Board

ALL = range(len(names.CUES))
ENDLESS = (cues.COUNTDOWN, cues.SIREN)
ENDING = [cue for cue in ALL if cue not in ENDLESS]


def player(board, volume=40, sound=True, haptic=True, light=True):
    return Player(board, volume, sound, haptic, light)


def run(playing, board, begin, length):
    """Poll at each due instant for so long; give how often that was."""
    end = add(begin, length)
    polls = 0
    while playing.busy and diff(end, playing.due) >= 0:
        board.now = playing.due
        playing.poll(board.now)
        polls += 1
    return polls


def heard(cue, length=2000):
    """What a cue does: the sounder's and the motor's changes."""
    board = Board()
    playing = player(board)
    playing.play(cue, 0)
    run(playing, board, 0, length)
    return board


def tune(cue):
    """Sounds and silences as (ms, Hz), the length of the last piece aside."""
    changes = [(at, how[0] if how[0] != "off" else 0) for at, *how in heard(cue).of("sounder")]
    return tuple((later - at, hz) for (at, hz), (later, _) in pairwise(changes))


def touches(cue):
    return tuple((at, how != ["off"]) for at, *how in heard(cue).of("haptic"))


def test_every_cue_has_a_name_and_a_pattern_and_codes_stay():
    assert len(names.CUES) == len(set(names.CUES)) == len(cues._PATTERNS)
    assert [names.CUES[code] for code in (cues.START, cues.MARK, cues.SIREN, cues.SENSOR_BACK)] == [
        "start",
        "mark",
        "siren",
        "sensor_back",
    ]


def test_no_two_cues_sound_alike():
    tunes = {}
    for cue in ALL:
        tunes.setdefault(tune(cue), []).append(names.CUES[cue])
    assert [alike for alike in tunes.values() if len(alike) > 1] == []


@pytest.mark.parametrize("cue", ALL, ids=lambda cue: names.CUES[cue])
def test_no_cue_can_be_taken_for_beats(cue):
    """A beat is one short tone of one of two pitches: each cue is longer, or has other pitches."""
    beat = {(cues.BEAT_MS, cues.BEAT_HZ), (cues.BEAT_MS, cues.ACCENT_HZ)}
    assert tune(cue)
    assert not beat & set(tune(cue))
    assert sum(length for length, _ in tune(cue)) > 2 * cues.TOUCH_MS


@pytest.mark.parametrize("cue", ALL, ids=lambda cue: names.CUES[cue])
def test_every_cue_is_felt_too(cue):
    assert touches(cue)[0] == (0, True)


def test_left_and_right_are_told_apart_by_touch_alone():
    assert len([on for _, on in touches(cues.GLANCE_LEFT) if on]) == 1
    assert len([on for _, on in touches(cues.GLANCE_RIGHT) if on]) == 2


def rhythm(cue):
    """How long the touch of a cue is on, off, on and so forth (ms); of what goes on, the first time."""
    row = cues._PATTERNS[cue]
    lengths, felt = [], False
    for ms, touch in zip(row[::3], row[2::3], strict=True):
        if bool(touch) is felt:
            lengths[-1] += ms
        else:
            lengths.append(ms)
            felt = not felt
    return lengths if felt else lengths[:-1]


def test_no_two_cues_feel_alike():
    for cue, other in combinations(ALL, 2):
        one, two = rhythm(cue), rhythm(other)
        apart = len(one) != len(two) or max(abs(a - b) for a, b in zip(one, two, strict=True)) >= 40
        assert apart, f"{names.CUES[cue]} {one} and {names.CUES[other]} {two}"


@pytest.mark.parametrize("cue", ENDING, ids=lambda cue: names.CUES[cue])
def test_a_cue_ends_by_itself_and_leaves_silence(cue):
    board = Board()
    playing = player(board)
    assert playing.play(cue, PERIOD - 50)
    run(playing, board, PERIOD - 50, 5000)
    assert not playing.busy
    assert playing.cue == cues.NONE
    assert board.silent
    assert diff(board.now, PERIOD - 50) < 1000


@pytest.mark.parametrize("cue", ENDLESS, ids=lambda cue: names.CUES[cue])
def test_the_alarm_goes_on_until_it_is_stopped(cue):
    board = Board()
    playing = player(board)
    playing.play(cue, 0)
    run(playing, board, 0, 60_000)
    assert playing.busy
    assert playing.cue == cue
    changes = [at for at, *how in board.of("sounder") if how[0] != "off"]
    assert max(later - at for at, later in pairwise(changes)) <= 1000
    playing.stop()
    assert board.silent
    assert not playing.busy


def test_the_countdown_calls_once_a_second():
    changes = [at for at, *how in heard(cues.COUNTDOWN, 5000).of("sounder") if how[0] == 2500]
    assert changes == [0, 1000, 2000, 3000, 4000, 5000]


@pytest.mark.parametrize("cue", ENDING, ids=lambda cue: names.CUES[cue])
@pytest.mark.parametrize("endless", ENDLESS, ids=lambda cue: names.CUES[cue])
def test_the_alarm_outranks_every_other_cue(endless, cue):
    board = Board()
    playing = player(board)
    assert playing.play(cue, 0)
    assert playing.play(endless, 10)
    assert not playing.play(cue, 20)
    assert playing.cue == endless


def test_the_siren_takes_over_from_the_countdown():
    board = Board()
    playing = player(board)
    playing.play(cues.COUNTDOWN, 0)
    assert playing.play(cues.SIREN, 100)
    assert playing.cue == cues.SIREN
    assert board.sounder.how == (2700, 100)


@pytest.mark.parametrize("volume", [10, 40, 100])
def test_beats_and_cues_are_as_loud_as_set_and_the_siren_is_at_its_loudest(volume):
    for cue in ENDING:
        board = Board()
        playing = player(board, volume)
        playing.play(cue, 0)
        run(playing, board, 0, 3000)
        assert {how[1] for _, *how in board.of("sounder") if how[0] != "off"} == {volume}
    board = Board()
    playing = player(board, volume)
    playing.beat(0, False)
    assert board.sounder.how == (cues.BEAT_HZ, volume)
    playing.play(cues.SIREN, 10)
    run(playing, board, 10, 3000)
    assert {how[1] for now, *how in board.of("sounder") if now >= 10 and how[0] != "off"} == {100}


def test_the_siren_sounds_for_one_who_has_switched_off_the_sound_of_beats():
    board = Board()
    playing = player(board, 10, sound=False, haptic=False, light=False)
    playing.play(cues.SIREN, 0)
    assert (board.sounder.is_on, board.haptic.is_on, board.light.is_on) == (True, True, True)


@pytest.mark.parametrize("sound", [True, False])
@pytest.mark.parametrize("haptic", [True, False])
@pytest.mark.parametrize("light", [True, False])
def test_a_beat_is_heard_felt_and_seen_as_the_settings_say_and_then_over(sound, haptic, light):
    board = Board()
    playing = player(board, sound=sound, haptic=haptic, light=light)
    assert playing.beat(1000, False)
    assert (board.sounder.is_on, board.haptic.is_on, board.light.is_on) == (sound, haptic, light)
    run(playing, board, 1000, 1000)
    assert board.silent
    assert not playing.busy
    assert diff(board.now, 1000) <= cues.TOUCH_MS


def test_tone_and_touch_of_a_beat_have_their_lengths():
    board = Board()
    playing = player(board)
    playing.beat(0, False)
    run(playing, board, 0, 100)
    assert board.of("sounder")[-1] == (cues.BEAT_MS, "off")
    assert board.of("haptic")[-1] == (cues.TOUCH_MS, "off")


def test_the_accent_is_higher():
    board = Board()
    playing = player(board)
    playing.beat(0, True)
    assert board.sounder.how[0] == cues.ACCENT_HZ > cues.BEAT_HZ


def test_a_beat_that_falls_into_a_cue_is_left_out_and_does_not_disturb_it():
    board = Board()
    playing = player(board)
    playing.play(cues.GLANCE_LEFT, 0)
    before = list(board.trace)
    assert not playing.beat(100, True)
    assert board.trace == before
    run(playing, board, 0, 1000)
    assert playing.beat(1000, False)


def test_a_cue_cuts_the_beat_that_sounds():
    board = Board()
    playing = player(board)
    playing.beat(0, False)
    playing.play(cues.LOW_BATTERY, 10)
    assert board.sounder.how == (420, 40)
    assert playing.due == 310


def test_pieces_follow_each_other_exactly_though_every_poll_is_late():
    board = Board()
    playing = player(board)
    playing.play(cues.SIREN, 0)
    for _ in range(100):
        playing.poll(playing.due + 30)
    assert playing.due == 101 * 250


ACTIONS = st.one_of(
    st.tuples(st.just("beat"), st.booleans()),
    st.tuples(st.just("play"), st.sampled_from(list(ALL))),
    st.tuples(st.just("wait"), st.integers(0, 700)),
    st.tuples(st.just("stop"), st.none()),
)


@given(st.lists(ACTIONS, max_size=40), st.integers(0, PERIOD - 1), *(st.booleans(),) * 3, st.integers(0, 200))
def test_whatever_happens_all_is_off_in_the_end_and_nothing_is_on_while_idle(
    actions, start, sound, haptic, light, latest
):
    board = Board()
    playing = player(board, 50, sound, haptic, light)
    now = start
    for what, value in actions:
        if what == "beat":
            playing.beat(now, value)
        elif what == "play":
            playing.play(value, now)
        elif what == "stop":
            playing.stop()
        else:
            until = add(now, value)
            while playing.busy and diff(until, playing.due) >= 0:
                now = add(playing.due, min(latest, max(diff(until, playing.due), 0)))
                playing.poll(now)
            now = until
        assert playing.busy or board.silent, "something is on that nobody will switch off"
        assert playing.busy or playing.cue == cues.NONE
    if playing.cue in ENDLESS:
        playing.stop()
    for _ in range(20):
        if playing.busy:
            playing.poll(playing.due)
    assert board.silent
    assert not playing.busy
