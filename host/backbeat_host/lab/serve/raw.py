"""The raw REPL: programs talk to it. Source in, `OK`, output, ctrl-D, error, ctrl-D; and raw paste with its window.

As MicroPython's `shared/runtime/pyexec.c` has it, which CircuitPython shares.
"""

from backbeat_host.lab.endings import BoardReload
from backbeat_host.lab.serve.interpreter import Interpreter
from backbeat_host.lab.serve.port import Port

CTRL_A, CTRL_B, CTRL_C, CTRL_D, CTRL_E = range(1, 6)
_END = b"\x04"
_WINDOW = 128  # bytes: half of the buffer for input
_MORE = b"\x01"
_BANNER = "raw REPL; CTRL-B to exit\r\n"


def raw_repl(port: Port, interpreter: Interpreter) -> bool:
    """Serve a program until it wants a soft reset (True) or the friendly REPL (False)."""
    port.write(_BANNER)
    while True:
        port.write(">")
        source = bytearray()
        while (key := port.key()) != CTRL_D:
            if key == CTRL_A and len(source) == 2 and source[0] == CTRL_E:
                _paste(port, interpreter, source[1])
                source.clear()
                port.write(">")
            elif key == CTRL_A:
                source.clear()
                port.write(_BANNER + ">")
            elif key == CTRL_B:
                port.write("\r\n")
                return False
            elif key == CTRL_C:
                source.clear()
            else:
                source.append(key)
        port.write("OK")
        if not source:
            port.write("\r\n")
            return True
        _execute(port, interpreter, source)


def _paste(port: Port, interpreter: Interpreter, kind: int) -> None:
    """Take source with flow control: at most two windows of bytes are ever under way."""
    if kind != ord("A"):
        port.send(b"R\x00", None)
        return
    port.send(b"R\x01" + _WINDOW.to_bytes(2, "little") + _MORE, None)
    source = bytearray()
    while (key := port.key()) not in (CTRL_C, CTRL_D):
        source.append(key)
        if len(source) % _WINDOW == 0:
            port.send(_MORE, None)
    port.send(_END, None)
    if key == CTRL_D:
        _execute(port, interpreter, source)
    else:
        port.send(_END, None)
        port.write("\nTraceback (most recent call last):\nKeyboardInterrupt: \n")
        port.send(_END, None)


def _execute(port: Port, interpreter: Interpreter, source: bytearray) -> None:
    try:
        error = interpreter.run(source.decode(errors="replace"))
    except BoardReload:
        port.resume()
        port.send(_END + _END, None)
        raise
    port.send(_END, None)
    port.write(error)
    port.send(_END, None)
