"""Uploads through ClamAV: clamd's own protocol (INSTREAM) over TCP or a socket file, when ``PORTAL_CLAMD`` is set.

It fails closed: only «stream: OK», whole and in time, lets a file in. The few lines are ours because the packages that
speak clamd are either years without a release or made for an event loop.
"""

import contextlib
import logging
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal.uploads import UploadProblem, UploadRefused

logger = logging.getLogger("portal.antivirus")
CHUNK = 256 * 1024
LONGEST_ANSWER = 4096
CLEAN = b"stream: OK"


def check_clean(content: bytes) -> None:
    """Raises ``UploadRefused``: ``INFECTED``, or ``NOT_SCANNED`` when no clear answer came. Without a scanner all is
    let through."""
    address = settings.PORTAL_CLAMD
    if not address:
        return
    try:
        answer = _ask(address, content, time.monotonic() + settings.PORTAL_CLAMD_SECONDS)
    except OSError:
        logger.exception("virusskanneren svarer ikke")
        raise UploadRefused(UploadProblem.NOT_SCANNED) from None
    if answer.endswith(b" FOUND"):
        logger.warning("en opplastet fil har virus")
        raise UploadRefused(UploadProblem.INFECTED)
    if answer != CLEAN:
        logger.error("virusskanneren svarte noe annet enn ja eller nei")
        raise UploadRefused(UploadProblem.NOT_SCANNED)


def place_of(address: str) -> str | tuple[str, int]:
    """``tcp://host:3310`` or ``unix:///run/clamav/clamd.sock``. Raises ``ImproperlyConfigured``."""
    parts = urlsplit(address)
    with contextlib.suppress(ValueError):
        if parts.scheme == "unix" and parts.path and not parts.netloc:
            return parts.path
        if parts.scheme == "tcp" and parts.hostname:
            return parts.hostname, parts.port or 3310
    raise ImproperlyConfigured("PORTAL_CLAMD må være tcp://vert:port eller unix:///sti.")


def _ask(address: str, content: bytes, until: float) -> bytes:
    """Sends the file and reads the answer, all before ``until`` however slowly the other side goes. ``OSError``."""
    with _connected(address, until) as link:
        for part in _parts(content):
            _in_time(link, until).sendall(part)
        answer = b""
        while not answer.endswith(b"\0"):
            got = _in_time(link, until).recv(LONGEST_ANSWER)
            answer += got
            if not got or len(answer) > LONGEST_ANSWER:
                raise ConnectionError("no whole answer")
    return answer.rstrip(b"\0")


@contextlib.contextmanager
def _connected(address: str, until: float) -> Iterator[socket.socket]:
    place, left = place_of(address), until - time.monotonic()
    if isinstance(place, tuple):
        # Whatever the name resolves to, IPv6 too.
        link = socket.create_connection(place, timeout=left)
    else:
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with link:
        if isinstance(place, str):
            link.settimeout(left)
            link.connect(place)
        yield link


def _parts(content: bytes) -> Iterator[bytes]:
    yield b"zINSTREAM\0"
    for start in range(0, len(content), CHUNK):
        part = content[start : start + CHUNK]
        yield len(part).to_bytes(4, "big") + part
    yield (0).to_bytes(4, "big")


def _in_time(link: socket.socket, until: float) -> socket.socket:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    link.settimeout(left)
    return link
