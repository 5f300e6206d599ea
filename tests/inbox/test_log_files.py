"""The log of a case said in one sentence, narrowed, and taken out as a file."""

import csv
import datetime as dt
import io

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases import log_export
from cases.log_reading import events_of, told
from cases.models import Case
from portal.csv_file import csv_bytes, safe_cell
from portal.models import AuditEvent
from tests.stories import a_case, consent, with_participants
from tests.world import World


def visited(world: World, **given: str) -> Case:
    """A case that a teacher has looked at, and a stranger has tried."""
    case = a_case(world, level=1, **given)
    with_participants(case, world.school)
    consent(case, [world.school])
    world.client(world.teacher).get(f"/saker/{case.pk}/")
    world.client(world.intake).get(f"/saker/{case.pk}/")
    return case


def lines(body: bytes) -> list[list[str]]:
    """The cells of a file, as a spreadsheet reads it."""
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))


def test_one_sentence_says_who_has_been_there(world: World) -> None:
    """Given a teacher's look and a stranger's try; then the top of the log counts people, services and refusals."""
    case = visited(world)
    page = world.client(world.coordinator).get(f"/saker/{case.pk}/logg/").content.decode()
    assert "2 personer fra 2 tjenester har sett eller endret noe i saken." in page
    assert f"Sist, utenom deg: {world.teacher.name}, Fjordvik skole, i dag" in page
    assert "1 forsøk ble avvist." in page


def test_the_log_is_narrowed_by_person_service_and_days(world: World) -> None:
    """Given events of two services today; then each filter shows its own, and yesterday shows none."""
    case = visited(world)
    client, url = world.client(world.coordinator), f"/saker/{case.pk}/logg/"

    def table(**given: str) -> str:
        page = client.get(url, given).content.decode()
        return page[page.index("<tbody") : page.index("</tbody>")]

    by_person = table(hvem=f"p-{world.teacher.person.pk}")
    assert world.teacher.name in by_person
    assert world.coordinator.name not in by_person
    by_service = table(hvem=f"t-{world.coordinating_unit.pk}")
    assert world.coordinator.name in by_service
    assert world.teacher.name not in by_service
    day = timezone.localdate()
    assert world.teacher.name in table(fra=f"{day:%d.%m.%Y}", til=f"{day:%d.%m.%Y}")
    assert "Ingen hendelser" in table(til=f"{day - dt.timedelta(days=1):%d.%m.%Y}")


@pytest.mark.parametrize("query", ["?fra=tull", "?hvem=p-tull", "?fra=2.1.2026&til=1.1.2026", "?hvem=t-&side=x"])
def test_a_filter_that_cannot_be_read_narrows_nothing(world: World, query: str) -> None:
    case = visited(world)
    answer = world.client(world.coordinator).get(f"/saker/{case.pk}/logg/{query}")
    assert answer.status_code == 200
    assert world.teacher.name in answer.content.decode()


def test_the_spreadsheet_has_every_line_and_is_itself_in_the_log(world: World) -> None:
    """Given a log; when the holder takes it as CSV; then all of it is there, saved as a file, and the log tells so."""
    case = visited(world)
    before = events_of(case).count()
    answer = world.client(world.coordinator).get(f"/saker/{case.pk}/logg/csv/")
    assert answer["Content-Disposition"] == f'attachment; filename="logg-{case.reference}.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = lines(answer.content)
    assert rows[0] == ["Tidspunkt", "Type", "Hva", "Hvem", "Rolle", "Tjeneste", "Grunnlag"]
    assert len(rows) == 1 + before
    assert any(row[3] == world.teacher.name and row[2] == "oversikten" for row in rows)
    told_of = AuditEvent.objects.get(case_id=case.pk, kind="export")
    assert (told_of.verb, told_of.detail) == ("case.log_csv", {"lines": before})


def test_the_paper_is_tagged_and_is_itself_in_the_log(world: World) -> None:
    """Given a log; when the holder takes it as PDF; then it is a tagged archival file, and the log tells so."""
    case = visited(world)
    answer = world.client(world.coordinator).get(f"/saker/{case.pk}/logg/pdf/")
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang) == "nb"
        assert case.reference in str(pdf.docinfo.get("/Title", "")) or case.reference in str(pdf.open_metadata())
    assert AuditEvent.objects.filter(case_id=case.pk, kind="export", verb="case.log_pdf").count() == 1


def test_a_file_that_is_not_whole_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case = visited(world)
    monkeypatch.setattr(log_export, "MOST_LINES", 2)
    rows = lines(world.client(world.coordinator).get(f"/saker/{case.pk}/logg/csv/").content)
    assert len(rows) == 1 + 2 + 1
    assert rows[-1][0].startswith("Filen har de 2 nyeste av ")


def test_a_protected_childs_log_leaves_without_what_locates(world: World) -> None:
    """Given a child with protected address; then the page names service and person, and no file does."""
    case = visited(world, address_protection="strictly_confidential")
    client, url = world.client(world.coordinator), f"/saker/{case.pk}/logg/"
    assert "Fjordvik skole" in client.get(url).content.decode()
    body = client.get(f"{url}csv/").content.decode("utf-8-sig")
    for locating in ("Fjordvik", world.teacher.name, world.coordinator.name):
        assert locating not in body
    assert "Bidragsyter" in body
    assert "skjermet adresse" in body


def test_a_family_reads_who_and_when_but_no_internal_step(world: World) -> None:
    """Given the same log; then for the family no basis and no form is named, and no place of a protected child."""
    case = visited(world)
    said = list(told(case, events_of(case), for_family=True))
    assert {line.basis for line in said} == {""}
    assert {line.what for line in said} <= {
        "åpnet saken", "skrev eller endret noe i saken", "prøvde å åpne saken, men fikk ikke",
    }  # fmt: skip
    assert any(line.service == "Fjordvik skole" for line in said)
    hidden = visited(world, name="Bo Vik", address_protection="confidential")
    assert {(line.who, line.service) for line in told(hidden, events_of(hidden), for_family=True)} == {("", "")}


@pytest.mark.parametrize("path", ["csv/", "pdf/"])
def test_only_the_holders_side_takes_the_log_out(world: World, path: str) -> None:
    case = visited(world)
    assert world.client(world.teacher).get(f"/saker/{case.pk}/logg/{path}").status_code == 403
    assert world.client(world.intake).get(f"/saker/{case.pk}/logg/{path}").status_code == 404
    assert not AuditEvent.objects.filter(kind="export").exists()


@pytest.mark.parametrize("text", ["=1+1", "+47", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "=1"])
def test_no_cell_acts_as_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    assert csv_bytes([[text]]).decode("utf-8-sig").lstrip('"').startswith("'")


def test_ordinary_cells_stay_as_they_are() -> None:
    assert csv_bytes([["Kari; «Ås»", 3]]) == b"\xef\xbb\xbf" + '"Kari; «Ås»";3\r\n'.encode()


def test_a_file_costs_the_same_with_many_more_lines(world: World) -> None:
    case = visited(world)
    client, costs, url = world.client(world.coordinator), [], f"/saker/{case.pk}/logg/csv/"
    for more in (1, 40):
        for _n in range(more):
            client.get(f"/saker/{case.pk}/")
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url).status_code == 200
        costs.append(len(caught))
    assert costs[0] == costs[1] <= 20
