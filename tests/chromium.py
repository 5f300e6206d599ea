"""The machine's Chromium: a missing browser is an error that says how to mend it, never a skip."""

import pytest

from ops.system import find_browser

MISSING = (
    "Fant ingen Chromium, og nettlesertestene hoppes aldri over. "
    "Rett det med: sudo apt-get install -y chromium, eller PORTAL_CHROMIUM=/sti/til/chromium bin/test"
)


def chromium() -> str:
    """Where it is; Playwright's own is never downloaded."""
    found = find_browser()
    if found is None:
        raise pytest.UsageError(MISSING)
    return str(found)
