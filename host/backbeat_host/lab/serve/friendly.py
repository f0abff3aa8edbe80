"""The friendly REPL: people talk to it. A line editor with echo, continuation lines, paste mode.

Faked: no cursor keys, no history, no completion.
"""

from backbeat_host.lab.serve.interpreter import Interpreter, incomplete
from backbeat_host.lab.serve.port import Port
from backbeat_host.lab.serve.raw import CTRL_A, CTRL_B, CTRL_C, CTRL_D, CTRL_E

_BACKSPACE = (0x08, 0x7F)
_RETURN, _TAB, _ESCAPE, _SPACE = 0x0D, 0x09, 0x1B, 0x20
_INDENT = " " * 4
_PASTE = "\r\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== "


def friendly_repl(port: Port, interpreter: Interpreter, version: str) -> bool:
    """Serve a person until he wants a soft reset (True) or the raw REPL (False)."""
    port.write(f"\r\n{version}\r\n")
    while True:
        text, key = _line(port, ">>> ")
        if key == CTRL_A:
            port.write("\r\n")
            return False
        if key == CTRL_D:
            port.write("\r\n")
            return True
        if key == CTRL_B:
            port.write(f"\r\n\r\n{version}\r\n")
        elif key == CTRL_C:
            port.write("\r\n")
        elif key == CTRL_E:
            port.write(interpreter.run(_pasted(port)))
        elif (whole := _continued(port, text)) is not None and whole.strip():
            port.write(interpreter.run(whole, typed=True))


def _continued(port: Port, text: str) -> str | None:
    """Ask for the lines that complete it; None when the person gives it up."""
    while incomplete(text):
        last = text.rpartition("\n")[2]
        indent = last[: len(last) - len(last.lstrip())] + (_INDENT if last.rstrip().endswith(":") else "")
        line, key = _line(port, "... ", indent)
        if key == CTRL_C:
            port.write("\r\n")
            return None
        if key == CTRL_D:
            break
        text += "\n" + line
    return text


def _line(port: Port, prompt: str, begun: str = "") -> tuple[str, int]:
    """Let a line be typed; give it and the key that ended it. Control keys end an empty one only, but for ctrl-C."""
    port.write(prompt + begun)
    line = bytearray(begun.encode())
    while True:
        key = port.key()
        if key == CTRL_C or (CTRL_A <= key <= CTRL_E and len(line) == len(begun)):
            return "", key
        if key == _RETURN:
            port.write("\r\n")
            return line.decode(errors="replace"), key
        if key in _BACKSPACE:
            if line:
                line = bytearray(line.decode(errors="replace")[:-1].encode())
                port.write("\b\x1b[K")
        elif key == _ESCAPE:
            _skip_sequence(port)
        elif key == _TAB:
            line += _INDENT.encode()
            port.write(_INDENT)
        elif key >= _SPACE:
            line.append(key)
            port.send(bytes([key]), None)


def _skip_sequence(port: Port) -> None:
    """A cursor key is ESC, `[`, and what goes up to a letter."""
    if port.key() == ord("["):
        while not 0x40 <= port.key() <= 0x7E:
            pass


def _pasted(port: Port) -> str:
    port.write(_PASTE)
    text = bytearray()
    while (key := port.key()) != CTRL_D:
        if key == CTRL_C:
            port.write("\r\n")
            return ""
        text.append(key)
        port.write("\r\n=== " if key == _RETURN else chr(key))
    port.write("\r\n")
    return text.replace(b"\r", b"\n").decode(errors="replace")
