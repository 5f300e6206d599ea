"""One provider for all tests of a module, and the settings that make the portal know it."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.login.provider import BASE, Running, running


@pytest.fixture(scope="module")
def oidc() -> Iterator[Running]:
    """A real provider, started by the tests."""
    with running() as provider:
        yield provider


@pytest.fixture
def known(oidc: Running, settings: LazySettings) -> Running:
    """The portal has HelseID, ID-porten and Ansattporten set up; all of them are this one."""
    settings.PORTAL_BASE_URL = BASE
    settings.EID_PROVIDERS = {slug: oidc.provider(slug) for slug in ("helseid", "idporten", "ansattporten")}
    return oidc


@pytest.fixture
def comes_back(known: Running) -> Callable[[Client, str], str]:
    """Sends a client to a provider and through it: the address it is sent back to."""

    def go(client: Client, slug: str) -> str:
        return known.through(client.get(f"/konto/eid/{slug}/").headers["Location"])

    return go
