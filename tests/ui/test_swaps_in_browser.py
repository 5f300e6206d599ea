"""What htmx does with our answers, under our security policy: errors swap in, failures are said, drafts tell."""

from collections.abc import Callable

from django.utils.safestring import SafeString
from playwright.sync_api import Page, expect

from tests.ui import component_page
from tests.ui.component_page import Reason

Show = Callable[..., Page]

FORM = """
<form id="measure" class="form stack" method="post" novalidate hx-post="/lagre/" hx-target="#measure"
      hx-swap="outerHTML">{form}<button id="save" class="ds-button">Lagre</button></form>
"""
DRAFT = """
<form id="draft" method="post" novalidate data-autosave hx-post="/kladd/" hx-trigger="input changed delay:50ms"
      hx-swap="none"><input type="hidden" name="version" id="draft-version" value="1">
  <label for="t">Tekst</label><textarea id="t" name="text"></textarea>
  <p class="save-state" role="status" data-save-state data-dirty="Ikke lagret ennå" data-saved="Lagret kl. {{clock}}"
     data-failed="Ikke lagret"></p></form>
"""


def page_with(inner: str) -> str:
    """The inner markup in the portal's base page."""
    text = "{% extends 'base.html' %}{% block main %}<h1>Prøve</h1>{{ inner }}{% endblock main %}"
    return component_page.html(text, inner=SafeString(inner))


def test_a_form_with_errors_is_swapped_in_and_its_summary_takes_focus(show: Show) -> None:
    page = show(page_with(FORM.format(form=Reason())), lagre="422 " + FORM.format(form=Reason({"why": ""})))
    page.get_by_role("button", name="Lagre").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.get_by_role("link", name="Begrunnelse: Fyll ut dette feltet.")).to_be_visible()


def test_a_failure_is_said_and_the_text_stands(show: Show) -> None:
    page = show(page_with(FORM.format(form=Reason())), lagre="500 <h1>Feil</h1>")
    page.get_by_role("textbox").fill("Det jeg skrev.")
    page.get_by_role("button", name="Lagre").click()
    expect(page.get_by_role("alert")).to_contain_text("Noe gikk galt, og ingenting ble lagret.")
    expect(page.get_by_role("textbox")).to_have_value("Det jeg skrev.")
    page.get_by_role("button", name="Lukk").click()
    expect(page.get_by_role("alert")).to_be_hidden()


def test_a_draft_says_when_it_was_saved_and_takes_its_new_version(show: Show) -> None:
    version = '200 <input type="hidden" name="version" id="draft-version" value="2" hx-swap-oob="true">'
    page = show(page_with(DRAFT.format()), kladd=version)
    page.get_by_role("textbox").press_sequentially("Oda")
    expect(page.get_by_text("Lagret kl.")).to_be_visible()
    expect(page.locator("#draft-version")).to_have_value("2")
    expect(page.get_by_role("textbox")).to_have_value("Oda")


def test_a_draft_that_was_not_saved_says_so(show: Show) -> None:
    page = show(page_with(DRAFT.format()), kladd="500 nei")
    page.get_by_role("textbox").press_sequentially("Oda")
    expect(page.get_by_text("Ikke lagret", exact=True)).to_be_visible()


def test_small_fragments_are_polled_while_the_page_is_visible(show: Show) -> None:
    inner = '<p hx-get="/hvem/" hx-trigger="poll from:body" role="status">Ingen</p>'
    page = show(page_with(inner), hvem="200 Kari skriver nå")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("Kari skriver nå")).to_be_visible()
