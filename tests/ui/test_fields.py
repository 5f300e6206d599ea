"""Forms: described once, errors next to the field in plain Norwegian, what was typed kept."""

import datetime as dt
import re

import pytest
from django import forms

from portal.forms import DateField, PortalForm
from tests.ui.component_page import EveryField, Filters

FILLED = {
    "title": "Uro",
    "reason": "Over tid.",
    "urgency": "low",
    "service": "high",
    "categories": ["low"],
    "called_at": "3.9.2026 kl. 14.30",
    "secret": "x",
    "informed": "on",
}


def describedby(html: str, field_id: str) -> list[str]:
    """The aria-describedby of one element."""
    element = re.search(rf'<[a-z]+ [^>]*\bid="{field_id}"[^>]*>', html)
    assert element, field_id
    found = re.findall(r'aria-describedby="([^"]*)"', element[0])
    return found[0].split() if found else []


@pytest.mark.parametrize("name", ["title", "urgency", "informed"])
def test_help_and_error_describe_the_field_exactly_once(name: str) -> None:
    html = EveryField({}).render()
    assert describedby(html, f"id_{name}") == [f"id_{name}_helptext", f"id_{name}_error"]
    for described in describedby(html, f"id_{name}"):
        assert html.count(f'id="{described}"') == 1


def test_radios_are_described_by_their_group_only() -> None:
    html = EveryField({}).render()
    assert describedby(html, "id_urgency_0") == []


def test_ids_are_unique() -> None:
    ids = re.findall(r'\bid="([^"]+)"', EveryField({}).render())
    assert sorted(ids) == sorted(set(ids))


def test_error_summary_links_to_the_first_control_of_each_field() -> None:
    html = EveryField({}).render()
    targets = re.findall(r'<a class="ds-link" href="#([^"]+)"', html)
    assert targets[:5] == ["id_title", "id_reason", "id_urgency_0", "id_service", "id_categories_0"]
    for target in targets:
        assert re.search(rf'<(input|select|textarea)[^>]* id="{target}"', html)


def test_errors_that_belong_to_no_field_are_in_the_summary() -> None:
    form = EveryField(FILLED)
    form.add_error(None, "Noen andre var først.")
    assert "<li>Noen andre var først.</li>" in form.render()


def test_a_valid_form_has_no_summary() -> None:
    form = EveryField(FILLED)
    assert form.is_valid(), form.errors
    assert "ds-error-summary" not in form.render()


def test_only_optional_fields_are_marked() -> None:
    html = EveryField().render()
    assert html.count("(valgfritt)") == 2  # the date and the attachment
    assert "(valgfritt)" not in Filters().render()


def test_text_that_is_too_long_is_an_error_that_keeps_the_text() -> None:
    text = "å" * 200_000
    form = EveryField({**FILLED, "reason": text})
    assert form.errors == {"reason": ["Teksten er for lang: 200000 tegn. Du kan skrive høyst 20000 tegn."]}
    assert text in form.render()
    assert "maxlength" not in form.render()


def test_nul_characters_are_an_error_and_not_a_crash() -> None:
    assert "reason" in EveryField({**FILLED, "reason": "a\x00b"}).errors
    assert "title" in EveryField({**FILLED, "title": "a\x00b"}).errors


@pytest.mark.parametrize("kind", ["urgency", "service"])
def test_a_choice_that_is_none_is_an_error_in_norwegian(kind: str) -> None:
    assert kind in EveryField({**FILLED, kind: "\x00"}).errors


@pytest.mark.parametrize("typed", ["3.9.2026", "03.09.2026", "03092026", "2026-09-03", "3/9/2026"])
def test_dates_are_read_the_norwegian_way_and_as_iso(typed: str) -> None:
    assert DateField().clean(typed).isoformat() == "2026-09-03"


@pytest.mark.parametrize("typed", ["31.02.2026", "i morgen", "9999999999", "2026-13-01", "0.0.0"])
def test_other_dates_get_a_message_that_shows_how(typed: str) -> None:
    form = EveryField({**FILLED, "since": typed})
    assert form.errors == {"since": ["Skriv datoen som dag.måned.år, for eksempel 03.09.2026."]}
    assert typed in form.render()


def test_a_stored_date_is_written_the_norwegian_way() -> None:
    assert 'value="03.09.2026"' in EveryField(initial={"since": dt.date(2026, 9, 3)}).render()


def test_a_message_written_on_a_field_wins() -> None:
    class Own(PortalForm):
        what = forms.CharField(error_messages={"required": "Skriv hva dere har sett."})

    assert Own({}).errors == {"what": ["Skriv hva dere har sett."]}


def test_what_people_type_is_escaped() -> None:
    html = EveryField({**FILLED, "title": "<script>" * 20}).render()
    assert "<script>" not in html
