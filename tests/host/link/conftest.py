"""Folders laid out as boards, and a machine on which nothing else is plugged in."""

from collections.abc import Callable
from pathlib import Path

import pytest

BOOT_OUT = (
    "Adafruit CircuitPython {version} on 2026-05-01; Raspberry Pi Pico with rp2040\r\n"
    "Board ID:raspberry_pi_pico\r\nUID:{uid}\r\n"
)
INFO_UF2 = "UF2 Bootloader v3.0\r\nModel: Raspberry Pi RP2\r\nBoard-ID: RPI-RP2\r\n"

BoardFolder = Callable[..., Path]


@pytest.fixture(autouse=True)
def nothing_else(patient: None, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No board of the machine that the tests run on is found."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    monkeypatch.setattr("backbeat_host.link.found._mounted", list)
    monkeypatch.setattr("backbeat_host.link.found.list_ports.comports", list)


@pytest.fixture
def board_folder(tmp_path: Path) -> BoardFolder:
    """`board_folder("A", uid=..., version=...)`: a drive; `bootloader=True`: that of a bootloader."""

    def make(name: str, uid: str = "E66038B713", version: str = "10.2.1", bootloader: bool = False) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        if bootloader:
            (folder / "INFO_UF2.TXT").write_bytes(INFO_UF2.encode())
        else:
            (folder / "boot_out.txt").write_bytes(BOOT_OUT.format(uid=uid, version=version).encode())
        return folder

    return make
