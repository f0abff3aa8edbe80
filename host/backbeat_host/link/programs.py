"""What runs on the board for `serial_files`: Python that CircuitPython compiles once, and that is then called.

`_feed()` (the watchdog's) is there already; arguments come in the list `_told`.
"""

import errno

from backbeat_host.link.backend import BESIDE

SENT = 3072  # bytes of a file in one piece: 4 KB of base64, read by the board's code or compiled as part of it
LOST_S = 3  # what was sent and does not come for so long is lost
_THERE = 17  # a board's EEXIST

READING = """
import binascii
with open({path!r}, 'rb') as _f:
    _f.seek({begin})
    _left = {count}
    _crc = 0
    while _left > 0:
        _feed()
        _b = _f.read(min({piece}, _left))
        if not _b:
            break
        _left -= len(_b)
        _crc = binascii.crc32(_b, _crc)
        print(str(binascii.b2a_base64(_b), 'ascii'), end='')
print(_crc)
"""
TREE = """
import os
def _tree(folder, deep):
    todo = [(folder, deep)]
    k = 0
    while todo:
        at, deep = todo.pop()
        for n in os.listdir(at or '/'):
            _feed()
            path = at + '/' + n
            s = os.stat(path)
            f = s[0] & 0x4000 != 0
            print(repr((path, s[6], f)))
            k += 1
            if f and deep:
                todo.append((path, deep - 1))
    print(k)
"""
HASH = """
import os
import binascii
def _hash(path):
    try:
        import hashlib
        h = hashlib.new('sha256')
    except (ImportError, AttributeError, ValueError, TypeError):
        h = None
    crc = size = 0
    with open(path, 'rb') as file:
        while True:
            _feed()
            b = file.read(2048)
            if not b:
                break
            size += len(b)
            if h is None:
                crc = binascii.crc32(b, crc)
            else:
                h.update(b)
    if h is None:
        return (size, crc)
    return (size, str(binascii.hexlify(h.digest()), 'ascii'))
def _digests():
    for path in _told:
        try:
            print(repr(_hash(path)))
        except OSError as e:
            print(repr(e.errno))
"""
HEAR = f"""
def _hear(size):
    import usb_cdc
    c = usb_cdc.console
    room = memoryview(bytearray((size + 2) // 3 * 4))
    before = c.timeout
    c.timeout = {LOST_S}
    try:
        _feed()
        c.write(b'+')
        at = 0
        while at < len(room):
            got = c.readinto(room[at:at + max(c.in_waiting, 1)])
            if not got:
                raise OSError({errno.ETIMEDOUT})
            at += got
    finally:
        c.timeout = before
    return binascii.a2b_base64(bytes(room))
def _learn(size):
    global _told
    raw = b''
    for at in range(0, size, {SENT}):
        raw += _hear(min(size - at, {SENT}))
    _told = str(raw, 'utf-8').split('\\n')
    print(binascii.crc32(raw))
"""
CHANGE = f"""
def _put(path, to):
    try:
        os.rename(path, to)
    except OSError as e:
        if e.errno != {_THERE}:
            raise
        os.remove(to)
        os.rename(path, to)
    os.sync()
def _folders(path):
    at = path.find('/', 1)
    while at > 0:
        try:
            os.stat(path[:at])
        except OSError:
            os.mkdir(path[:at])
        at = path.find('/', at + 1)
def _moves():
    made = ''
    for at in range(0, len(_told), 2):
        _feed()
        to = _told[at + 1]
        if to[:to.rfind('/')] != made:
            _folders(to)
            made = to[:to.rfind('/')]
        _put(_told[at], to)
        print('.', end='')
def _removes():
    for path in _told:
        _feed()
        (os.rmdir if os.stat(path)[0] & 0x4000 else os.remove)(path)
        os.sync()
        print('.', end='')
def _receive():
    made = ''
    for at in range(0, len(_told), 4):
        to = _told[at]
        size = int(_told[at + 1])
        path = to + {BESIDE!r}
        if to[:to.rfind('/')] != made:
            _folders(to)
            made = to[:to.rfind('/')]
        try:
            with open(path, 'wb') as file:
                for begin in range(0, size, {SENT}):
                    file.write(_hear(min(size - begin, {SENT})))
            os.sync()
            told = _hash(path)
        except OSError:
            _drop(path)
            raise
        if told != (size, _told[at + 2]) and told != (size, int(_told[at + 3])):
            _drop(path)
            print(repr(to))
            return
        _put(path, to)
    print(None)
def _drop(path):
    try:
        os.remove(path)
    except OSError:
        pass
"""
