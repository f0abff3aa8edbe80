"""`backbeat desk`: the firmware on a chip that lies on the desk."""

from pathlib import Path

import click

from backbeat_host.cli.console import messages, output
from backbeat_host.cli.options import settings_option
from backbeat_host.cli.outputs import check_outputs
from backbeat_host.cli.paths import OutputPath
from backbeat_host.desk.adapter import ADAPTERS
from backbeat_host.desk.run import PARTS, Options, run_desk
from backbeat_host.errors import InputError
from backbeat_host.profile import chosen
from backbeat_host.runs.timeline import print_summary, summarise


@click.command()
@click.option(
    "--bus",
    type=click.Choice(list(ADAPTERS)),
    help="What the chip hangs on; pi is this machine's own pins [default: the adapter that is plugged in, else pi].",
)
@click.option("--csv", type=OutputPath(), metavar="FILE", help="Write the samples, for `backbeat simulate FILE`.")
@click.option("--cadence", metavar="SPM", help="Steps a minute to beat; short for --settings cadence=SPM.")
@settings_option
@click.option("--seconds", type=click.FloatRange(min=0, min_open=True), metavar="N", help="End after so many seconds.")
@click.option("--no-sound", is_flag=True, help="Leave the speaker silent.")
@click.option(
    "--pin",
    "pins",
    multiple=True,
    metavar="PART=PIN",
    help="A piezo, motor, light or button on a pin: sounder=D18, haptic=D23, light=D24, button=D25; may repeat.",
)
def desk(
    bus: str | None,
    csv: Path | None,
    cadence: str | None,
    sources: tuple[str, ...],
    seconds: float | None,
    no_sound: bool,
    pins: tuple[str, ...],
) -> None:
    """Run the firmware on a chip that lies on the desk, live.

    The chip (LSM6DSOX, LSM6DS3TR-C, LSM6DS33 or LSM6DS3) hangs on a Raspberry Pi's I2C pins, or on an MCP2221, an
    FT232H or a Pico with u2if. Steps, travel, falls, rolls and stumbles are shown as they are told; the beats come
    from the speaker. In a terminal the space bar is the device's button; ctrl-C ends the run.
    """
    settings = chosen((*sources, *([f"cadence={cadence}"] if cadence is not None else [])))
    if csv is not None:
        if csv.suffix.lower() == ".gz":
            raise InputError(f"{csv}: the samples are written as they come, not packed; name a file that ends in .csv.")
        check_outputs([csv], [])
    options = Options(settings.values, bus, csv, seconds, not no_sound, _pins(pins))
    outcome = run_desk(options, output(), _say)
    print_summary(output(), [summarise("desk", outcome.events, outcome.seconds)])
    for path in outcome.written:
        _say(f"wrote {path}")
    if outcome.error is not None:
        raise outcome.error
    if csv is not None and not outcome.written:
        _say(f"no samples came, so {csv} was not written")


def _say(text: str) -> None:
    messages().print(text, markup=False, soft_wrap=True)


def _pins(given: tuple[str, ...]) -> dict[str, str]:
    pins: dict[str, str] = {}
    for pair in given:
        part, _, pin = pair.partition("=")
        if part not in PARTS or not pin:
            parts = ", ".join(PARTS)
            raise InputError(f"--pin {pair}: expected a part and its pin, such as sounder=D18; parts are {parts}.")
        pins[part] = pin
    return pins
