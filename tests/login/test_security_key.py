"""A security key in a real browser, under the policy that lets no page run a script of its own."""

from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from portal.models import AuditEvent
from tests.chromium import chromium
from tests.login.codes import PASSWORD
from tests.world import World


def log_in(page: Page, address: str, email: str) -> None:
    page.goto(f"{address}/konto/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Logg inn", exact=True).click()


@pytest.fixture
def portal(lasting: World, settings: Any, live_server: Any) -> str:
    """The portal at an address that browsers trust with keys."""
    settings.PORTAL_REQUIRE_MFA = True
    settings.ALLOWED_HOSTS = ["localhost"]
    return str(live_server.url).replace("127.0.0.1", "localhost")


def test_a_key_is_set_up_and_asked_for(lasting: World, portal: str) -> None:
    """Given a teacher and a key (the browser's own make-believe one); when she sets it up and comes again; then the
    key lets her in, nothing broke the policy, and the log says so."""
    email, broken = lasting.teacher.person.email, []
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=chromium()) as browser:
        page = browser.new_page()
        page.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        device = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": device})
        log_in(page, portal, email)
        page.get_by_role("link", name="Bruk en sikkerhetsnøkkel").click()
        page.get_by_label("Navn på nøkkelen").fill("Nøkkelen min")
        page.get_by_role("button", name="Bruk nøkkelen").click()
        page.get_by_role("heading", name="Reservekoder").wait_for()
        page.goto(f"{portal}/konto/sikkerhet/")
        page.get_by_text("Nøkkelen min").first.wait_for()
        page.context.clear_cookies()
        log_in(page, portal, email)
        page.get_by_role("button", name="Bruk sikkerhetsnøkkel i stedet").click()
        page.wait_for_url(f"{portal}/innboks/")
    assert broken == []
    assert AuditEvent.objects.get(verb="person.factor_added").detail == {"kind": "webauthn"}
    assert AuditEvent.objects.filter(verb="person.logged_in").latest("pk").detail == {"how": "password+webauthn"}
