from backbeat import coach
from backbeat.coach import Coach


def test_nobody_is_reminded_who_did_not_ask_for_it():
    never = Coach(0)
    assert {never.poll(now) for now in range(0, 10_000_000, 1000)} == {coach.NOTHING}


def test_left_and_right_come_in_turn_at_the_interval():
    reminders = Coach(30_000)
    told = [(now, glance) for now in range(0, 130_000, 10) if (glance := reminders.poll(now))]
    assert told == [(30_000, coach.LEFT), (60_000, coach.RIGHT), (90_000, coach.LEFT), (120_000, coach.RIGHT)]


def test_a_late_look_makes_one_reminder_not_many():
    reminders = Coach(5000)
    assert reminders.poll(61_000) == coach.LEFT
    assert reminders.poll(61_001) == coach.NOTHING
    assert reminders.due == 66_000
