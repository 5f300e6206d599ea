"""A little scanner that speaks clamd's protocol on a real socket, and can misbehave."""

import contextlib
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

# The harmless test file every scanner knows, in two parts so that this file is not taken for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner(socketserver.ThreadingMixIn, socketserver.BaseServer):
    """What the tests set and read: how it behaves, and the files it was sent."""

    daemon_threads = True
    mood = "well"
    received: list[bytes]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle is part of what is tried."""


class Handler(socketserver.BaseRequestHandler):
    """One file."""

    server: Scanner

    def handle(self) -> None:
        """INSTREAM, as clamd's manual says it: lengths and parts, a length of nothing, then one answer."""
        link: socket.socket = self.request
        command = self._read(10)
        assert command == b"zINSTREAM\0", command
        content = b""
        while size := struct.unpack("!L", self._read(4))[0]:
            content += self._read(size)
            if self.server.mood == "closes":
                return
        self.server.received.append(content)
        if self.server.mood == "hangs":
            time.sleep(3)
            return
        answers = {
            "error": b"INSTREAM size limit exceeded. ERROR\0",
            "cut": b"stream: O",
            "chatters": b"x" * 9000,
            "unclear": b"stream: OK, I think\0",
        }
        well = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
        answer = answers.get(self.server.mood, well)
        if self.server.mood == "drips":
            for letter in answer:
                time.sleep(0.2)
                link.sendall(bytes([letter]))
            return
        link.sendall(answer)

    def _read(self, size: int) -> bytes:
        got = b""
        while len(got) < size:
            part = self.request.recv(size - len(got))
            if not part:
                raise ConnectionError
            got += part
        return got


class TcpScanner(Scanner, socketserver.TCPServer):
    """On a port."""


class FileScanner(Scanner, socketserver.UnixStreamServer):
    """On a socket file."""


@contextlib.contextmanager
def scanner(at: Path | None = None) -> Iterator[tuple[Scanner, str]]:
    """A scanner that answers while the block runs, and its address."""
    made: TcpScanner | FileScanner
    if at is None:
        made = TcpScanner(("127.0.0.1", 0), Handler)
        address = f"tcp://127.0.0.1:{made.server_address[1]}"
    else:
        made = FileScanner(str(at), Handler)
        address = f"unix://{at}"
    made.received = []
    running = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    running.start()
    try:
        yield made, address
    finally:
        made.shutdown()
        made.server_close()
        running.join()
