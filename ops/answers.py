"""A health check without curl: ``python -m ops.answers HOST PORT PATH`` ends with 0 when the web answers well."""

import http.client
import os
import sys

BAD = 400


def status_of(host: str, port: int, path: str = "/", *, seconds: float = 10) -> int:
    """The status of a page, 0 when nobody answers."""
    known_as = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip(" .*") or host
    link = http.client.HTTPConnection(host, port, timeout=seconds)
    try:
        link.request("GET", path, headers={"Host": known_as, "X-Forwarded-Proto": "https"})
        return link.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        link.close()


if __name__ == "__main__":
    status = status_of(sys.argv[1], int(sys.argv[2]), sys.argv[3], seconds=4)
    sys.exit(0 if 0 < status < BAD else 1)
