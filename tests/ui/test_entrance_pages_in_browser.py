"""Login and error pages: Norwegian, accessible, and standing also when there is no context at all."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import Page, expect

from portal.account_forms import LoginForm
from portal.errors import server_error
from tests.ui.component_page import Reason, shell
from tests.ui.conftest import axe, overflow

PAGES = {
    "account/login.html": "Logg inn",
    "account/logout.html": "Vil du logge ut?",
    "account/password_reset_done.html": "Se i e-posten din",
    "account/account_inactive.html": "Brukeren er stengt",
    "account/locked_out.html": "For mange forsøk på å logge inn",
    "404.html": "Vi fant ikke siden",
    "429.html": "For mange forsøk på kort tid",
    "403.html": "Du kan ikke gjøre dette i rollen du har nå",
    "400.html": "Portalen forsto ikke forespørselen",
    "errors/403_csrf.html": "Siden var åpen for lenge",
    "ds/confirm.html": "Avslutte saken?",
}


def render(template: str) -> str:
    """A page as a stranger sees it, forms with errors."""
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    context: dict[str, object] = {"kept": True, "back": "/saker/", "redirect_field": ""}
    if template == "account/login.html":
        context["form"] = LoginForm(data={})
    if template == "ds/confirm.html":
        context |= {"title": "Avslutte saken?", "form": Reason({}), "confirm_label": "Avslutt", "back_url": "/"}
        context |= {"shell": shell(), "danger": True, "crumbs": [("Saker", "/saker/")], "lead": "Saken stenges."}
    return render_to_string(template, context, request)


@pytest.mark.parametrize("template", PAGES)
def test_page_is_accessible_and_fits(show: Callable[..., Page], template: str) -> None:
    page = show(render(template), width=360)
    expect(page.get_by_role("heading", level=1, name=PAGES[template])).to_be_visible()
    assert axe(page) == []
    assert overflow(page) == 0


def test_login_asks_for_e_mail_and_password_in_norwegian() -> None:
    html = render("account/login.html")
    assert "Skriv en e-postadresse." in html
    assert "placeholder" not in html


def test_our_own_error_needs_nothing_and_names_the_reference(show: Callable[..., Page]) -> None:
    request = RequestFactory().get("/")
    request.request_id = "0123456789ab"
    response = server_error(request)
    assert response.status_code == 500
    page = show(response.content.decode(), dark=True)
    expect(page.get_by_text("referanse 0123456789ab")).to_be_visible()
    assert axe(page) == []


@pytest.mark.parametrize("template", ["400.html", "403.html", "404.html", "500.html"])
def test_error_pages_render_without_any_context(template: str) -> None:
    assert "Samhandlingsportalen" in render_to_string(template)
