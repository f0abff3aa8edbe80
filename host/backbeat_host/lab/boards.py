"""The boards that the virtual one can be: pins, what is soldered or wired to them, and the sizes of their memories.

Pins as CircuitPython 10 names them. Sounder, motor and button are wired as `hardware/` says, where a board has none.
"""

from dataclasses import dataclass, field
from enum import Enum


class Chip(Enum):
    """The motion sensors that boards carry."""

    LSM6DSOX = "LSM6DSOX"
    LSM6DS3TRC = "LSM6DS3TR-C"
    LSM6DS33 = "LSM6DS33"


@dataclass(frozen=True)
class Processor:
    """What boards with the same processor share."""

    name: str
    platform: str
    """`sys.platform`."""
    frequency: int
    nvm_size: int
    analog: frozenset[int]
    """Numbers of the pins that measure."""
    shared_pwm: bool
    """Whether two pins are the channels of one PWM slice."""
    stubborn_watchdog: bool
    """Whether a watchdog outlives a reset: then only its bite or the power's end stops it."""
    nvm_cost_ns: int
    """Writing to `microcontroller.nvm`: its page is erased and written anew each time."""

    def number(self, pin: str) -> int:
        """The number of a processor's pin: GPIO14, P1_09."""
        port, _, bit = pin.removeprefix("GPIO").removeprefix("P").rpartition("_")
        return int(port or 0) * 32 + int(bit)


RP2040 = Processor("rp2040", "RP2040", 125_000_000, 4096, frozenset(range(26, 30)), True, False, 51_000_000)
# An nRF52840, halted, erases a page in 85 ms (tERASEPAGE) and writes its 1024 words in 41 us each (tWRITE).
NRF52840 = Processor(
    "nrf52840", "nRF52840", 64_000_000, 8192, frozenset((2, 3, 4, 5, 28, 29, 30, 31)), False, True, 127_000_000
)


@dataclass(frozen=True)
class BoardKind:
    """One board and its wiring, each part by the name of its pin."""

    name: str
    """As `os.uname().machine` tells it."""
    processor: Processor
    layout: str
    """The processor's pins, each with its names."""
    uid: str
    capacity: int
    """Bytes of its CIRCUITPY."""
    chip: Chip
    scl: str
    sda: str
    sounder: str
    haptic: str
    button: str
    light: str = ""
    lit: bool = True
    """The light's level when it shines."""
    neopixel: str = ""
    neopixel_power: str = ""
    chip_power: str = ""
    """The pin that feeds the chip and the bus's pull-ups."""
    interrupt: str = ""
    battery: str = ""
    divider: tuple[int, int] = (1, 1)
    slow_divider: bool = False
    """Its resistance is too high for the converter's sampling: of readings in a row the first are low."""
    battery_enable: str = ""
    """The divider works while this pin is driven low."""
    charge_status: str = ""
    """Low while the battery charges."""
    by_name: dict[str, int] = field(init=False)
    """Every name of a pin, and the pin's number."""

    def __post_init__(self) -> None:
        """Read the layout."""
        pins: dict[str, int] = {}
        for word in self.layout.split():
            place, _, names = word.partition("=")
            pins |= dict.fromkeys(names.split("/"), self.processor.number(place))
        object.__setattr__(self, "by_name", pins)


_MB = 1 << 20

BOARDS = {
    "raspberry_pi_pico": BoardKind(
        "Raspberry Pi Pico with rp2040",
        RP2040,
        """
        GPIO0=GP0 GPIO1=GP1 GPIO2=GP2 GPIO3=GP3 GPIO4=GP4 GPIO5=GP5 GPIO6=GP6 GPIO7=GP7 GPIO8=GP8 GPIO9=GP9 GPIO10=GP10
        GPIO11=GP11 GPIO12=GP12 GPIO13=GP13 GPIO14=GP14 GPIO15=GP15 GPIO16=GP16 GPIO17=GP17 GPIO18=GP18 GPIO19=GP19
        GPIO20=GP20 GPIO21=GP21 GPIO22=GP22 GPIO23=GP23/SMPS_MODE GPIO24=GP24/VBUS_SENSE GPIO25=GP25/LED
        GPIO26=GP26/GP26_A0/A0 GPIO27=GP27/GP27_A1/A1 GPIO28=GP28/GP28_A2/A2 GPIO29=VOLTAGE_MONITOR/A3
        """,
        uid="e6614103e7174b25",
        capacity=_MB,
        chip=Chip.LSM6DSOX,
        scl="GP5",
        sda="GP4",
        sounder="GP14",
        haptic="GP15",
        button="GP13",
        light="GP25",
        battery="VOLTAGE_MONITOR",
        divider=(3, 1),
    ),
    "Seeed_XIAO_nRF52840_Sense": BoardKind(
        "Seeed XIAO nRF52840 Sense with nRF52840",
        NRF52840,
        """
        P0_02=A0/D0 P0_03=A1/D1 P0_28=A2/D2 P0_29=A3/D3 P0_04=A4/D4/SDA P0_05=A5/D5/SCL P0_09=NFC1 P0_10=NFC2
        P1_11=D6/TX P1_12=D7/RX P1_13=D8/SCK P1_14=D9/MISO P1_15=D10/MOSI P0_26=LED/LED_RED P0_06=LED_BLUE
        P0_30=LED_GREEN P1_08=IMU_PWR P0_27=IMU_SCL P0_07=IMU_SDA P0_11=IMU_INT1 P1_10=MIC_PWR P1_00=PDM_CLK
        P0_16=PDM_DATA P0_14=READ_BATT_ENABLE P0_31=VBATT P0_17=CHARGE_STATUS P0_13=CHARGE_RATE
        """,
        uid="8c4f6e2b11d3a907",
        capacity=2 * _MB,
        chip=Chip.LSM6DS3TRC,
        scl="IMU_SCL",
        sda="IMU_SDA",
        sounder="D1",
        haptic="D2",
        button="D3",
        light="LED_GREEN",
        lit=False,
        chip_power="IMU_PWR",
        interrupt="IMU_INT1",
        battery="VBATT",
        divider=(1510, 510),
        slow_divider=True,
        battery_enable="READ_BATT_ENABLE",
        charge_status="CHARGE_STATUS",
    ),
    "feather_bluefruit_sense": BoardKind(
        "Adafruit Feather Bluefruit Sense with nRF52840",
        NRF52840,
        """
        P0_04=A0 P0_05=A1 P0_30=A2 P0_28=A3 P0_02=A4 P0_03=A5 P0_31=AREF P0_29=VOLTAGE_MONITOR/BATTERY P1_02=SWITCH
        P0_09=NFC1 P0_10=NFC2/D2 P1_11=D3/ACCELEROMETER_GYRO_INTERRUPT P1_08=D5 P0_07=D6 P0_26=D9 P0_27=D10 P0_06=D11
        P0_08=D12 P1_09=D13/L/LED/RED_LED P0_16=NEOPIXEL P0_14=SCK P0_13=MOSI P0_15=MISO P0_25=TX P0_24=RX P0_11=SCL
        P0_12=SDA P1_10=BLUE_LED P0_01=MICROPHONE_CLOCK P0_00=MICROPHONE_DATA P1_00=PROXIMITY_LIGHT_INTERRUPT
        """,
        uid="51b07dfe98c2463a",
        capacity=2 * _MB,
        chip=Chip.LSM6DS33,
        scl="SCL",
        sda="SDA",
        sounder="D9",
        haptic="D10",
        button="SWITCH",
        light="LED",
        interrupt="ACCELEROMETER_GYRO_INTERRUPT",
        battery="VOLTAGE_MONITOR",
        divider=(2, 1),
    ),
    "clue_nrf52840_express": BoardKind(
        "Adafruit CLUE nRF52840 Express with nRF52840",
        NRF52840,
        """
        P0_04=P0/D0/A2/RX P0_05=P1/D1/A3/TX P0_03=P2/D2/A4 P0_28=P3/D3/A5 P0_02=P4/D4/A6 P1_02=P5/D5/BUTTON_A
        P1_09=P6/D6 P0_07=P7/D7 P1_07=P8/D8 P0_27=P9/D9 P0_30=P10/D10/A7 P1_10=P11/D11/BUTTON_B P0_31=P12/D12/A0
        P0_08=P13/D13/SCK P0_06=P14/D14/MISO P0_26=P15/D15/MOSI P0_29=P16/D16/A1 P1_01=P17/D17/L/LED
        P0_16=P18/D18/NEOPIXEL P0_25=P19/D19/SCL P0_24=P20/D20/SDA P0_01=MICROPHONE_CLOCK P0_00=MICROPHONE_DATA
        P1_00=SPEAKER P0_09=PROXIMITY_LIGHT_INTERRUPT P1_06=ACCELEROMETER_GYRO_INTERRUPT P0_10=WHITE_LEDS
        P1_03=TFT_RESET P1_05=TFT_BACKLIGHT P0_12=TFT_CS P0_13=TFT_DC P0_14=TFT_SCK P0_15=TFT_MOSI
        """,
        uid="3da9c05572e8f614",
        capacity=2 * _MB,
        chip=Chip.LSM6DS33,
        scl="SCL",
        sda="SDA",
        sounder="SPEAKER",
        haptic="P0",
        button="BUTTON_A",
        light="LED",
        interrupt="ACCELEROMETER_GYRO_INTERRUPT",
    ),
    "arduino_nano_rp2040_connect": BoardKind(
        "Arduino Nano RP2040 Connect with rp2040",
        RP2040,
        """
        GPIO0=D0/TX GPIO1=D1/RX GPIO2=ESP_GPIO0 GPIO3=ESP_RESET GPIO10=ESP_BUSY GPIO9=ESP_CS/CS1 GPIO6=LED/D13/SCK
        GPIO4=D12/MISO GPIO7=D11/MOSI GPIO5=D10 GPIO8=MISO1 GPIO11=MOSI1 GPIO14=SCK1 GPIO12=A4/SDA GPIO13=A5/SCL
        GPIO15=D3 GPIO16=D4 GPIO17=D5 GPIO18=D6 GPIO19=D7 GPIO20=D8 GPIO21=D9 GPIO22=MICROPHONE_DATA
        GPIO23=MICROPHONE_CLOCK GPIO24=INT1 GPIO25=D2 GPIO26=A0 GPIO27=A1 GPIO28=A2 GPIO29=A3
        """,
        uid="503533311b6f9d2c",
        capacity=15 * _MB,
        chip=Chip.LSM6DSOX,
        scl="SCL",
        sda="SDA",
        sounder="D4",
        haptic="D6",
        button="D8",
        light="LED",
        interrupt="INT1",
    ),
    "adafruit_qtpy_rp2040": BoardKind(
        "Adafruit QT Py RP2040 with rp2040",
        RP2040,
        """
        GPIO29=A0/D0 GPIO28=A1/D1 GPIO27=A2/D2 GPIO26=A3/D3 GPIO24=SDA/D4 GPIO25=SCL/D5 GPIO20=TX/D6 GPIO5=RX/D7
        GPIO6=SCK/D8 GPIO4=MISO/D9 GPIO3=MOSI/D10 GPIO12=NEOPIXEL GPIO11=NEOPIXEL_POWER GPIO21=BUTTON GPIO22=SDA1
        GPIO23=SCL1
        """,
        uid="df6050a04b3e7c29",
        capacity=7 * _MB,
        chip=Chip.LSM6DSOX,
        scl="SCL1",
        sda="SDA1",
        sounder="A3",
        haptic="A1",
        button="BUTTON",
        neopixel="NEOPIXEL",
        neopixel_power="NEOPIXEL_POWER",
    ),
}
