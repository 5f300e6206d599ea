"""Measures, words, documents and feilregistrert: who may, what is refused, what is seen."""

import datetime as dt
import hashlib
import inspect
import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from cases.access import viewer_of
from cases.actions.concern import record_concern
from cases.actions.documents import add_document
from cases.actions.errors import mark_error
from cases.actions.measures import add_measure, evaluate_measure, start_measure, stop_measure
from cases.actions.voice import record_voice
from cases.content import documents_of, measures_of, voices_of
from cases.models import Case, Concern, Document, Measure
from portal.access import Denied
from portal.answering import Invalid
from portal.models import Role, StateChange
from portal.states import MovedOn
from portal.timeframe import today
from tests.cases_content.family import a_measure, a_voice, an_upload
from tests.stories import a_case, consent, with_participants
from tests.uploads import files
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def case(world: World) -> Case:
    """School and PPT take part; the school's writing is shared with PPT, and nothing with the holder."""
    case = a_case(world, level=2)
    with_participants(case, world.school, world.ppt)
    consent(case, [world.school], ["health"])
    consent(case, [world.ppt], ["school"])
    return case


# Tiltak


def test_a_measure_goes_from_planned_to_evaluated(world: World, case: Case) -> None:
    measure = a_measure(case, world.teacher, state="planned", started_on=None)
    start_measure(measure=measure, started_on=today(), by=world.teacher)
    evaluate_measure(measure=measure, effect="some", effect_text="Roligere i timene.", by=world.teacher)
    measure.refresh_from_db()
    assert (measure.state, measure.effect, measure.evaluated_by) == ("evaluated", "some", world.teacher.user)
    moves = StateChange.objects.filter(process="measure", subject_id=measure.pk).order_by("id")
    assert [move.to_state for move in moves] == ["planned", "ongoing", "evaluated"]


def test_evaluating_twice_is_harmless_for_one_and_kind_to_another(world: World, case: Case) -> None:
    measure = a_measure(case, world.teacher)
    evaluate_measure(measure=measure, effect="good", effect_text="Bra", by=world.teacher)
    evaluate_measure(measure=measure, effect="good", effect_text="Bra", by=world.teacher)
    with pytest.raises(MovedOn):
        evaluate_measure(measure=measure, effect="worse", effect_text="Verre", by=world.coordinator)


def test_another_service_does_not_evaluate(world: World, case: Case) -> None:
    measure = a_measure(case, world.teacher)
    with pytest.raises(Denied):
        evaluate_measure(measure=measure, effect="good", effect_text="Bra", by=world.actor(Role.CONTRIBUTOR, world.ppt))


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("title", {"title": " "}),
        ("state", {"state": "evaluated"}),
        ("started_on", {"started_on": None}),
        ("started_on", {"started_on": today() + DAY}),
    ],
)
def test_a_measure_needs_its_facts(world: World, case: Case, field: str, change: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        a_measure(case, world.teacher, **change)
    assert list(refused.value.errors) == [field]


def test_it_cannot_end_before_it_began_or_be_stopped_without_reason(world: World, case: Case) -> None:
    measure = a_measure(case, world.teacher)
    with pytest.raises(Invalid):
        stop_measure(measure=measure, reason="Flyttet", ended_on=measure.started_on - DAY, by=world.teacher)
    with pytest.raises(Invalid):
        stop_measure(measure=measure, reason=" ", by=world.teacher)
    with pytest.raises(Invalid):
        evaluate_measure(measure=measure, effect="", effect_text="x", by=world.teacher)


def test_measures_are_seen_by_their_service_and_by_consent(world: World, case: Case) -> None:
    a_measure(case, world.teacher)
    seen_by = {
        who.service.name: measures_of(viewer_of(who, case))
        for who in (world.teacher, world.actor(Role.CONTRIBUTOR, world.ppt), world.coordinator)
        if who.service
    }
    assert len(seen_by[world.school.name].rows) == 1
    assert len(seen_by[world.ppt.name].rows) == 1
    hidden = seen_by[world.coordinating_unit.name]
    assert (len(hidden.rows), hidden.hidden) == (0, 1)


# Barnets stemme


def test_words_are_kept_verbatim(world: World, case: Case) -> None:
    said = "Eg vil ikkje på skulen.\nDer er det bråk! «Sint», sa Ola. \u0645\u0631\u062d\u0628\u0627"
    voice = a_voice(case, world.teacher, words=said)
    voice.refresh_from_db()
    assert voice.words == said


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("words", {"words": "", "how_obtained": "", "obtained_on": None}),
        ("how_obtained", {"how_obtained": " "}),
        ("obtained_on", {"obtained_on": None}),
        ("obtained_on", {"obtained_on": today() + DAY}),
        ("not_obtained_reason", {"not_obtained_reason": "Vil ikke"}),
    ],
)
def test_words_need_how_and_when_or_a_reason(world: World, case: Case, field: str, change: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        a_voice(case, world.teacher, **change)
    assert list(refused.value.errors) == [field]


def test_not_obtained_is_reasoned_and_seen_by_category(world: World, case: Case) -> None:
    voice = record_voice(case=case, not_obtained_reason="Barnet er ikke født", by=world.teacher)
    assert voice.words == ""
    assert voice.obtained_on is None
    assert voices_of(viewer_of(world.actor(Role.CONTRIBUTOR, world.ppt), case)).rows == [voice]
    assert voices_of(viewer_of(world.coordinator, case)).rows == []


def test_strangers_write_nothing(world: World, case: Case) -> None:
    stranger = world.actor(Role.CONTRIBUTOR, world.other_school)
    for attempt in (
        lambda: a_voice(case, stranger),
        lambda: a_measure(case, stranger),
        lambda: an_upload(case, stranger),
    ):
        with pytest.raises(Denied):
            attempt()


def test_double_clicks_write_once(world: World, case: Case) -> None:
    assert a_voice(case, world.teacher).pk == a_voice(case, world.teacher).pk
    assert a_measure(case, world.teacher).pk == a_measure(case, world.teacher).pk
    assert an_upload(case, world.teacher).pk == an_upload(case, world.teacher).pk
    assert Document.objects.count() == 1


# Dokumenter


def test_a_pdf_is_stored_as_it_is_under_a_random_name(world: World, case: Case) -> None:
    data = files.pdf(3)
    document = an_upload(case, world.teacher, data=data, file_name="../../etc/Sakkyndig vurdering.pdf")
    assert document.file_name == "Sakkyndig vurdering.pdf"
    assert document.storage_name.startswith("dokumenter/")
    assert "Sakkyndig" not in document.storage_name
    assert (document.pages, document.sha256) == (3, hashlib.sha256(data).hexdigest())
    with default_storage.open(document.storage_name) as stored:
        assert stored.read() == data


@pytest.mark.parametrize(("form", "name"), [("JPEG", "bilde.jpg"), ("PNG", "bilde.png")])
def test_a_picture_loses_its_place(world: World, case: Case, form: str, name: str) -> None:
    document = an_upload(case, world.teacher, data=files.image(form, located=True), file_name=name, declared_type="")
    assert document.place_removed
    with default_storage.open(document.storage_name) as stored:
        content = stored.read()
    with Image.open(io.BytesIO(content)) as picture:
        assert not dict(picture.getexif())
        assert picture.size == (40, 30)
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert document.size == len(content)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "tom.pdf"),
        (b"MZ\x90\x00 program", "rapport.pdf"),
        (files.image("PNG"), "rapport.pdf"),
        (files.pdf(), "bilde.png"),
        (files.image("GIF"), "bilde.gif"),
        (files.pdf()[:200], "halv.pdf"),
        (files.pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")), "skript.pdf"),
        (files.encrypted_pdf("hemmelig", "eier"), "laast.pdf"),
    ],
)
def test_what_lies_or_acts_is_refused_at_the_field(world: World, case: Case, data: bytes, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        an_upload(case, world.teacher, data=data, file_name=name)
    assert list(refused.value.errors) == ["file"]
    assert not Document.objects.exists()


def test_too_large_is_refused(world: World, case: Case, settings: Any) -> None:
    settings.PORTAL_UPLOAD_MAX_BYTES = 100
    with pytest.raises(Invalid) as refused:
        an_upload(case, world.teacher)
    assert "for stor" in refused.value.errors["file"]


def test_nothing_stays_behind_when_the_row_is_refused(
    world: World, case: Case, monkeypatch: pytest.MonkeyPatch, media: Path
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("cases.actions.documents.audit.record", broken)
    with pytest.raises(RuntimeError):
        an_upload(case, world.teacher)
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_sealed_shows_the_holder_that_it_came_and_no_more(world: World, case: Case) -> None:
    consent(case, [world.coordinating_unit, world.ppt], ["school"])
    an_upload(case, world.teacher, sealed=True)
    (held,) = documents_of(viewer_of(world.coordinator, case)).rows
    assert not held.readable
    assert documents_of(viewer_of(world.actor(Role.CONTRIBUTOR, world.ppt), case)).rows == []
    (own,) = documents_of(viewer_of(world.teacher, case)).rows
    assert own.readable


# Feilregistrert


def test_every_kind_can_be_marked_by_its_author(world: World, case: Case) -> None:
    concern: Concern = record_concern(
        case=case,
        seen_and_heard="Gråter",
        how_long="en uke",
        shared_with="mor",
        by=world.teacher,
    )
    for entry in (
        concern,
        a_measure(case, world.teacher),
        a_voice(case, world.teacher),
        an_upload(case, world.teacher),
    ):
        marked = mark_error(entry=entry, reason="Feil barn", by=world.teacher)
        assert (marked.error_by, marked.error_reason) == (world.teacher.user, "Feil barn")


def test_who_neither_wrote_it_nor_holds_the_case_may_not(world: World, case: Case) -> None:
    measure = a_measure(case, world.teacher)
    with pytest.raises(Denied):
        mark_error(entry=measure, reason="Feil", by=world.actor(Role.CONTRIBUTOR, world.ppt))
    with pytest.raises(Invalid):
        mark_error(entry=measure, reason="  ", by=world.teacher)


def test_the_second_person_hears_that_it_is_done(world: World, case: Case) -> None:
    measure = a_measure(case, world.teacher)
    first = mark_error(entry=measure, reason="Feil", by=world.teacher)
    assert mark_error(entry=measure, reason="Feil", by=world.teacher).error_at == first.error_at
    with pytest.raises(MovedOn):
        mark_error(entry=measure, reason="Feil", by=world.coordinator)
    with pytest.raises(MovedOn):
        evaluate_measure(measure=measure, effect="good", effect_text="Bra", by=world.teacher)


def test_the_clock_of_an_action_can_be_set(world: World, case: Case) -> None:
    then = timezone.now() + 3 * DAY
    measure = add_measure(
        case=case,
        service=world.school,
        title="Leksehjelp",
        started_on=today(then),
        by=world.teacher,
        now=then,
    )
    assert measure.recorded_at == then
    assert Measure.objects.get().recorded_at == then
    given = {name: asked.default for name, asked in inspect.signature(add_document).parameters.items()}
    assert (given["declared_type"], given["sealed"], given["now"]) == ("", False, None)
