"""One helper decides page or fragment; a redirect never lands inside a page."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from portal import htmx, kept

PAGE = "{% load partials %}<h1>Siden</h1>{% partialdef list inline %}<p>Listen {{ n }}</p>{% endpartialdef %}"
FRAGMENT = {"HX-Request": "true", "HX-Current-URL": "http://testserver/saker/?side=2"}


@pytest.fixture(autouse=True)
def template(tmp_path: Path, settings: LazySettings) -> None:
    """A template with a partial, found before the portal's own."""
    (tmp_path / "side.html").write_text(PAGE)
    first = settings.TEMPLATES[0]
    options = {key: value for key, value in first["OPTIONS"].items() if key != "context_processors"}
    settings.TEMPLATES = [{**first, "DIRS": [tmp_path, *first["DIRS"]], "OPTIONS": options}]


def ask(**headers: str) -> HttpRequest:
    """A request with headers written HX_Request."""
    request = RequestFactory().get("/saker/liste/", headers={k.replace("_", "-"): v for k, v in headers.items()})
    request.user = AnonymousUser()
    return request


def body(response: HttpResponse) -> str:
    return response.content.decode()


def test_a_person_gets_the_page() -> None:
    assert body(htmx.respond(ask(), "side.html", "list", {"n": 1})) == "<h1>Siden</h1><p>Listen 1</p>"


def test_htmx_gets_the_fragment() -> None:
    assert body(htmx.respond(ask(HX_Request="true"), "side.html", "list", {"n": 1})) == "<p>Listen 1</p>"


@pytest.mark.parametrize("header", ["HX_Boosted", "HX_History_Restore_Request"])
def test_what_replaces_the_whole_page_gets_the_whole_page(header: str) -> None:
    response = htmx.respond(ask(HX_Request="true", **{header: "true"}), "side.html", "list", {"n": 1})
    assert "<h1>" in body(response)


def test_caches_are_told_what_the_answer_depends_on() -> None:
    varies = htmx.respond(ask(), "side.html", "list", {"n": 1})["Vary"]
    assert varies == "HX-Request, HX-Boosted, HX-History-Restore-Request"


@pytest.mark.parametrize("headers", [{}, {"HX_Request": "true"}])
def test_invalid_input_is_422_either_way(headers: dict[str, str]) -> None:
    assert htmx.invalid(ask(**headers), "side.html", "list", {"n": 1}).status_code == 422


def test_redirect_after_a_post_is_303_for_a_person_and_a_header_for_htmx() -> None:
    plain, swapped = htmx.redirect(ask(), "/saker/"), htmx.redirect(ask(HX_Request="true"), "/saker/")
    assert (plain.status_code, plain["Location"]) == (303, "/saker/")
    assert (swapped.status_code, swapped["HX-Redirect"], "Location" in swapped) == (200, "/saker/", False)


def through(location: str, headers: dict[str, str]) -> HttpResponseBase:
    """What the browser gets when a view redirects there."""

    def view(request: HttpRequest) -> HttpResponseBase:
        return HttpResponseRedirect(location)

    return htmx.login_redirect(view)(RequestFactory().get("/saker/liste/", headers=headers))


def test_an_ended_session_sends_the_browser_to_login_and_back_to_the_page() -> None:
    response = through("/konto/login/?next=/saker/liste/", FRAGMENT)
    assert response.status_code == 200
    assert response["HX-Redirect"] == "/konto/login/?next=%2Fsaker%2F%3Fside%3D2"


def test_a_page_of_another_host_is_not_returned_to() -> None:
    response = through("/konto/login/", {**FRAGMENT, "HX-Current-URL": "https://ond.invalid/saker/"})
    assert response["HX-Redirect"] == "/konto/login/"


def test_other_redirects_do_not_end_inside_the_page_either() -> None:
    assert through("/innboks/", FRAGMENT)["HX-Redirect"] == "/innboks/"


def test_a_plain_request_is_redirected_as_ever() -> None:
    assert through("/konto/login/?next=/saker/", {})["Location"] == "/konto/login/?next=/saker/"


def test_cookies_survive() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        response = HttpResponseRedirect("/konto/login/")
        response.set_cookie("sessionid", "ny")
        return response

    response = htmx.login_redirect(view)(RequestFactory().get("/saker/", headers=FRAGMENT))
    assert response.cookies["sessionid"].value == "ny"


def test_a_stale_form_explains_itself_in_norwegian(settings: LazySettings) -> None:
    response = htmx.csrf_failure(ask(Referer="http://testserver/saker/ny/"), reason="CSRF token missing.")
    assert response.status_code == 403
    assert "Siden var åpen for lenge" in body(response)
    assert 'href="/saker/ny/"' in body(response)
    assert "CSRF" not in body(response).replace("X-CSRFToken", "")


def test_a_stale_fragment_leaves_the_text_where_it_was() -> None:
    response = htmx.csrf_failure(ask(**{key.replace("-", "_"): value for key, value in FRAGMENT.items()}))
    assert (response.status_code, response["HX-Trigger"]) == (403, '{"portal:stale": {}}')


def test_a_stale_fragment_whose_text_was_kept_reloads_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "keep_post", lambda request: object())
    response = htmx.csrf_failure(ask(**{key.replace("-", "_"): value for key, value in FRAGMENT.items()}))
    assert response["HX-Redirect"] == "/saker/?side=2"
