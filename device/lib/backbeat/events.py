"""Every event once: its code in the log and what its three numbers mean; `names` has what the laptop calls it.

An event is (ms since the session began, code, a, b, c), whole numbers all; unused numbers are 0.
Codes are for ever: a log written today is read by every later version. New ones go to the end.
"""

from micropython import const

SESSION_START = const(0)  # session number
SESSION_END = const(1)  # reason
SEGMENT = const(2)  # number of the segment in the plan
CUE = const(3)  # cue
GAIT = const(4)  # gait
TRAVEL = const(5)  # travel, heading (degrees, left positive), confidence (percent)
SUSPECT = const(6)  # at (ms), peak (mg)
FALL = const(7)  # at (ms), direction, peak (mg)
ROLL = const(8)  # at (ms), rotation (degrees), duration (ms)
STUMBLE = const(9)  # at (ms), direction, peak (mg)
ALARM = const(10)  # countdown (ms)
ALARM_CANCELLED = const(11)  # by what
SIREN = const(12)
MARK = const(13)
PAUSE = const(14)
RESUME = const(15)
LOW_BATTERY = const(16)  # percent
GAP = const(17)  # ms of samples lost
SENSOR_LOST = const(18)
SENSOR_BACK = const(19)
FAULT = const(20)  # what is at fault
# Not in the log, only for who listens: too many to keep.
STEP = const(21)  # at (ms), load (mg, 4 each) with LEFT, RIGHT or 0 below it, lag behind the nearest beat (ms)
BEAT = const(22)  # number, due (ms), accent (0 or 1)
MOUNT_FORWARD = const(23)  # the wearer's forward in the chip's axes, x, y, z in thousandths: found by walking
MOUNT_UP = const(24)  # up, likewise
ROLL_SCORE = const(25)  # of the roll told just before: peak (mg), straightness (percent), ms until upright
IDLE = const(26)  # the wearer has been still for long: beats stop, the sensor dozes
AWAKE = const(27)
SPACE = const(28)  # minutes of logging that fit, KB free
THIN = const(29)  # what the log goes without from now: 1 raw windows, 2 the records of every 5 s too
CHIP = const(30)  # WHO_AM_I of the sensor, 0 when none answers
PARTS = const(31)  # bits of the parts that failed the self-test: see `Board.faults`
HEAP = const(32)  # bytes in use, bytes free

NO_LAG = const(32767)  # a step while no beats are

# SESSION_END
BY_BUTTON = const(0)
BY_CONSOLE = const(1)
BY_BATTERY = const(2)
BY_FAULT = const(3)
BY_SERVICE = const(4)

# GAIT
NO_GAIT = const(-1)
STILL = const(0)
WALK = const(1)
RUN = const(2)

# TRAVEL, and the first four with DOWN and UNKNOWN the directions of FALL and STUMBLE
FORWARD = const(0)
BACKWARD = const(1)
LEFT = const(2)
RIGHT = const(3)
NOWHERE = const(4)
NO_TRAVEL = const(255)

FALL_FORWARD = const(0)
FALL_BACKWARD = const(1)
FALL_SIDEWAYS = const(2)
FALL_DOWN = const(3)
FALL_UNKNOWN = const(4)

# ALARM_CANCELLED
BY_PRESS = const(0)
BY_STEPS = const(1)

# FAULT
SETTINGS_FAULT = const(0)
LOG_FAULT = const(1)
SOUND_FAULT = const(2)
TOUCH_FAULT = const(3)
LIGHT_FAULT = const(4)
BUTTON_FAULT = const(5)
BATTERY_FAULT = const(6)
