"""Every component, in a real browser: axe finds nothing, nothing is wider than the window, all works without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.ui import component_page
from tests.ui.conftest import HOST, axe, overflow

Show = Callable[..., Page]
# WCAG 2.1 AA 1.4.3, measured on the colours themselves: those of the text and of the nearest background with one.
READABLE = 4.5
CONTRAST = """e => {
  const paint = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = colour => { paint.clearRect(0, 0, 1, 1); paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data] };
  const light = colour => rgba(colour).slice(0, 3).map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  let behind = e;
  while (rgba(getComputedStyle(behind).backgroundColor)[3] < 255) behind = behind.parentElement;
  const both = [light(getComputedStyle(e).color), light(getComputedStyle(behind).backgroundColor)];
  return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05) }"""
SIZES = [(360, False), (390, True), (1000, False), (1280, False), (1280, True)]


@pytest.mark.parametrize(("width", "dark"), SIZES)
def test_all_components_are_accessible_and_fit(show: Show, width: int, dark: bool) -> None:
    page = show(component_page.html(), width=width, dark=dark)
    assert axe(page) == []
    assert overflow(page) == 0


def test_open_menus_and_dialog_are_accessible(show: Show) -> None:
    page = show(component_page.html(), width=390)
    page.locator("details.mainnav > summary").click()
    expect(page.get_by_role("link", name="Henvisninger")).to_be_visible()
    assert axe(page) == []
    page.locator("summary.user").click()
    expect(page.get_by_role("link", name="Henvisninger")).to_be_hidden()
    assert axe(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Send henvisning").click()
    dialog = page.get_by_role("dialog", name="Sende henvisningen?")
    expect(dialog).to_be_visible()
    # It fades in: what is half transparent is no colour anybody is meant to read.
    dialog.evaluate("box => Promise.all(box.getAnimations().map(one => one.finished))")
    assert axe(page) == []
    for button in dialog.get_by_role("button").all():
        assert button.evaluate(CONTRAST) >= READABLE, button.inner_text()


def test_navigation_is_laid_out_on_a_large_screen_without_script(show: Show) -> None:
    page = show(component_page.html(), script=False)
    expect(page.get_by_role("navigation", name="Hovedmeny")).to_be_visible()
    expect(page.locator("details.mainnav > summary")).to_be_hidden()


def test_without_script_menus_open_and_a_dialogs_link_is_a_page(show: Show) -> None:
    page = show(component_page.html(), width=390, script=False, avslutt="<title>Siden bak dialogen</title>")
    page.locator("summary.user").click()
    expect(page.get_by_role("button", name="Logg ut")).to_be_visible()
    page.locator("summary.user").click()
    page.get_by_role("link", name="Send henvisning").click()
    expect(page).to_have_title("Siden bak dialogen")


def test_error_summary_takes_focus_and_its_links_reach_the_controls(show: Show) -> None:
    page = show(component_page.html())
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.get_by_role("link", name="Hastegrad: Velg ett av alternativene.").click()
    expect(page.get_by_role("radio", name="Lav")).to_be_focused()
    page.get_by_role("link", name="Begrunnelse: Fyll ut dette feltet.").click()
    expect(page.locator("#id_reason")).to_be_focused()


def test_a_field_is_described_once_to_a_screen_reader(show: Show) -> None:
    page = show(component_page.html())
    described = "Kort tittel"
    expect(page.get_by_role("textbox", name=described)).to_have_accessible_description(
        "Vises i listen. Teksten er for lang: 90 tegn. Du kan skrive høyst 80 tegn."
    )


def test_skip_link_is_first_and_leads_to_the_content(show: Show) -> None:
    page = show(component_page.html(form=component_page.EveryField()))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Hopp til hovedinnhold")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{HOST}/#innhold")


def test_a_file_that_is_too_large_is_said_before_the_upload(show: Show) -> None:
    page = show(component_page.html())
    page.locator("#id_attachment").evaluate("field => { field.dataset.maxBytes = '3' }")
    page.locator("#id_attachment").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"12345"})
    expect(page.locator("[data-file-note]")).to_contain_text("Filen er for stor")


def test_print_shows_what_one_reads_and_nothing_one_clicks(show: Show) -> None:
    page = show(component_page.html())
    page.emulate_media(media="print")
    expect(page.locator("header.top")).to_be_hidden()
    expect(page.locator(".hero__actions")).to_be_hidden()
    expect(page.get_by_role("heading", name="Samlet vurdering")).to_be_visible()
