"""Bad edition data is refused with the file, the key and the reason; good data comes out whole."""

import json
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from guideline.errors import EditionError
from guideline.keys import OBLIGATIONS
from guideline.loader import content_of, edition_from, edition_names, fingerprint, load_edition
from tests.guideline.folders import copied, spoiled

NT = "nordre-trondelag"

WRONG = {
    "unknown field": (
        f"{NT}/deadlines.toml",
        "amount = 14",
        "amount = 14\nantall = 3",
        "deadlines.level0_decision.antall",
        "ukjent felt",
    ),
    "missing field": (
        f"{NT}/deadlines.toml",
        'title = "Avgjøre veien videre på nivå 0"\n',
        "",
        "deadlines.level0_decision.title",
        "mangler",
    ),
    "wrong type": (
        f"{NT}/deadlines.toml",
        "amount = 14",
        'amount = "14"',
        "deadlines.level0_decision.amount",
        "må være et heltall",
    ),
    "yes is no number": (
        f"{NT}/deadlines.toml",
        "amount = 14",
        "amount = true",
        "deadlines.level0_decision.amount",
        "må være et heltall",
    ),
    "unknown unit": (
        f"{NT}/deadlines.toml",
        'unit = "days"',
        'unit = "months"',
        "deadlines.level0_decision.unit",
        "«months» er ikke et gyldig valg",
    ),
    "unknown basis": (
        f"{NT}/deadlines.toml",
        'basis = "suggested"',
        'basis = "maybe"',
        "deadlines.level0_decision.basis",
        "velg blant law, adopted, suggested",
    ),
    "rule without amount": (
        f"{NT}/deadlines.toml",
        "amount = 14\n",
        "",
        "deadlines.level0_decision.amount",
        "regelen teller i days",
    ),
    "zero days": (
        f"{NT}/deadlines.toml",
        "amount = 14",
        "amount = 0",
        "deadlines.level0_decision.amount",
        "1 eller mer",
    ),
    "dangling law": (
        f"{NT}/deadlines.toml",
        'legal = ["pbrl-2-2"]',
        'legal = ["pbrl-9-9"]',
        "deadlines.intake_assessment.legal",
        "viser til «pbrl-9-9», som ikke finnes i legal",
    ),
    "dangling ladder": (
        f"{NT}/deadlines.toml",
        'ladder = "single"',
        'ladder = "none"',
        "deadlines.consent_expiry.ladder",
        "viser til «none»",
    ),
    "ladder out of order": (
        f"{NT}/deadlines.toml",
        'when = "before", working_days = 3',
        'when = "after", working_days = 30',
        "ladders.standard.steps",
        "i den rekkefølgen",
    ),
    "missing obligation": (
        f"{NT}/duties.toml",
        '[obligations."6.1.4"]',
        '[obligations."6.1.9"]',
        "obligations.6.1.4",
        "felles for alle utgaver",
    ),
    "obligation in an unknown phase": (
        f"{NT}/duties.toml",
        'phases = ["6.1"]',
        'phases = ["6.7"]',
        "obligations.6.1.1.phases",
        "viser til «6.7»",
    ),
    "obligation met nowhere": (
        f"{NT}/duties.toml",
        'met_in = "referral"',
        'met_in = "nowhere"',
        "obligations.6.1.1.met_in",
        "delene av saken",
    ),
    "checklist answered nowhere": (
        f"{NT}/checklists.toml",
        '"gp:presenting"',
        '"gp:horoscope"',
        "checklists.bup.items.worry.answered_by",
        "«gp:horoscope» er ikke et sted",
    ),
    "unknown service kind": (
        f"{NT}/contributions.toml",
        'service_kinds = ["ppt"]',
        'service_kinds = ["pptt"]',
        "contributions.ppt.service_kinds",
        "typene tjeneste",
    ),
    "one kind, two templates": (
        f"{NT}/contributions.toml",
        'service_kinds = ["ppt"]',
        'service_kinds = ["school"]',
        "contributions.ppt.service_kinds",
        "har alt malen «school»",
    ),
    "unknown role": (f"{NT}/referral.toml", 'roles = ["gp"]', 'roles = ["gpp"]', "referrers.doctor.roles", "rollene"),
    "strange age": (
        f"{NT}/consent.toml",
        "decides_from = 15",
        "decides_from = 9",
        "consent.categories.school.decides_from",
        "mellom",
    ),
    "twice in one file": (
        f"{NT}/deadlines.toml",
        "[deadlines.contribution_due]",
        "[deadlines.level0_decision]",
        "",
        "to ganger",
    ),
    "twice in two files": (
        f"{NT}/legal.toml",
        "[legal.hol-6-2-13]",
        "[ladders.x]\n[legal.hol-6-2-13]",
        "ladders",
        "finnes også i",
    ),
    "not TOML": (f"{NT}/deadlines.toml", "amount = 14", "amount = ", "", "ikke gyldig TOML"),
    "wrong name": (f"{NT}/edition.toml", f'key = "{NT}"', 'key = "nordre"', "key", "det samme som mappen"),
}


@pytest.mark.parametrize(("file", "old", "new", "key", "reason"), WRONG.values(), ids=WRONG.keys())
def test_bad_data_names_file_key_and_reason(
    tmp_path: Path, file: str, old: str, new: str, key: str, reason: str
) -> None:
    folder = spoiled(tmp_path, file, old, new)
    with pytest.raises(EditionError) as caught:
        load_edition(NT, folder)
    assert caught.value.key == key
    assert reason in caught.value.reason
    assert caught.value.file == file
    assert str(caught.value).startswith(f"{caught.value.file}: ")


def test_a_list_of_reasons_cannot_be_left_out(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    path = folder / NT / "codes.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("[codes.urgency", "[codes.hurry"), encoding="utf-8")
    with pytest.raises(EditionError) as caught:
        load_edition(NT, folder)
    assert caught.value.key == "codes.urgency"


def test_an_error_in_an_extending_edition_names_its_own_file(tmp_path: Path) -> None:
    folder = spoiled(tmp_path, "sondre-trondelag/edition.toml", "amount = 15", "amount = -1")
    load_edition(NT, folder)
    with pytest.raises(EditionError) as caught:
        load_edition("sondre-trondelag", folder)
    assert (caught.value.file, caught.value.key) == (
        "sondre-trondelag/edition.toml",
        "deadlines.contribution_due.amount",
    )


def test_omitting_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    folder = spoiled(tmp_path, "sondre-trondelag/edition.toml", "deputy = { omit = true }", "nobody = { omit = true }")
    with pytest.raises(EditionError, match="kan ikke utelates"):
        load_edition("sondre-trondelag", folder)


def test_an_extending_edition_cannot_drop_a_shared_key(tmp_path: Path) -> None:
    folder = spoiled(
        tmp_path,
        "sondre-trondelag/edition.toml",
        "[deadlines.dialogue_interval]\namount = 4",
        "[deadlines.dialogue_interval]\nomit = true",
    )
    with pytest.raises(EditionError) as caught:
        load_edition("sondre-trondelag", folder)
    assert caught.value.key == "deadlines.dialogue_interval"


def test_editions_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    folder = spoiled(tmp_path, f"{NT}/edition.toml", 'key = "', 'extends = "sondre-trondelag"\nkey = "')
    with pytest.raises(EditionError, match="i ring"):
        load_edition(NT, folder)


def test_an_unknown_edition_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EditionError, match="mappen finnes ikke"):
        load_edition("more-og-romsdal", tmp_path)


def test_the_edition_has_every_obligation_in_the_guidelines_order() -> None:
    edition = load_edition(NT)
    assert tuple(edition.obligations) == OBLIGATIONS
    assert [duty.key for duty in edition.obligations_in("6.1")] == ["6.0", "6.1.1", "6.1.2", "6.1.3", "6.1.4", "6.1.5"]
    assert edition.obligations["6.1.3"].waivable
    assert edition.valid_from == date(2026, 1, 1)


@pytest.mark.parametrize("name", edition_names())
def test_an_edition_survives_the_database(name: str) -> None:
    edition = load_edition(name)
    # jsonb keeps neither the order of keys nor insignificant space: sorted here to prove that nothing hangs on it.
    stored = json.loads(json.dumps(content_of(edition), sort_keys=True))
    again = edition_from(stored)
    assert again == edition
    for field in fields(edition):
        value = getattr(edition, field.name)
        if hasattr(value, "keys"):
            assert list(getattr(again, field.name)) == list(value)


def test_the_hash_follows_the_content_and_nothing_else(tmp_path: Path) -> None:
    edition = load_edition(NT)
    folder = copied(tmp_path)
    path = folder / NT / "deadlines.toml"
    path.write_text("# en ny merknad\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert load_edition(NT, folder).sha256 == edition.sha256
    assert (
        load_edition(NT, spoiled(tmp_path / "b", f"{NT}/deadlines.toml", "amount = 14", "amount = 15")).sha256
        != edition.sha256
    )
    assert fingerprint(content_of(replace(edition, sha256="x"))) == edition.sha256


def test_stored_editions_stay_readable_when_the_code_forgets_a_field() -> None:
    content = content_of(load_edition(NT)) | {"retired_field": 1}
    assert edition_from(content).key == NT


def test_line_breaks_in_the_file_are_not_line_breaks_in_the_text() -> None:
    assert "\n" not in load_edition(NT).summary
