"""The signed paper of a consent: stored with the answer, checked like any upload, for those who read its reasons."""

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cases.actions.consent import withdraw_consent
from cases.actions.errors import mark_error
from cases.actions.signed_forms import Scan, attach_signed_form
from cases.models import Case, Consent, Guardian, SignedForm
from cases.orphan_files import orphans
from portal.models import AuditEvent, Role
from portal.timeframe import today
from tests.stories import a_case, consent, fresh, guardians, with_participants
from tests.uploads import files
from tests.world import World


def scanned(row: Consent, world: World) -> SignedForm:
    """A PDF stored with an answer."""
    return attach_signed_form(consent=row, scan=Scan(files.pdf(), "skjema.pdf"), by=world.coordinator)


def answer_form(case: Case, world: World, data: bytes) -> dict[str, object]:
    """The answer form filled in, with a file."""
    return {
        "decision": "given",
        "parties": [f"guardian:{row.pk}" for row in Guardian.objects.filter(child=case.child)],
        "categories": ["health"],
        "services": [str(world.school.pk)],
        "purpose": "Hjelp",
        "how": "written",
        "given_on": f"{today():%d.%m.%Y}",
        "signed": SimpleUploadedFile("skjema.pdf", data, "application/pdf"),
    }


def test_the_scan_is_stored_with_the_answer_or_not_at_all(world: World) -> None:
    """Given the answer form; when a file that is no PDF is sent, nothing is recorded; when a PDF is, both are."""
    case = a_case(world, level=2)
    with_participants(case, world.school)
    guardians(case)
    client, url = world.client(world.coordinator), f"/saker/{case.pk}/samtykke/nytt/"
    refused = client.post(url, answer_form(case, world, b"ikke en pdf"))
    assert (refused.status_code, Consent.objects.count(), SignedForm.objects.count()) == (422, 0, 0)
    assert client.post(url, answer_form(case, world, files.pdf())).status_code == 303
    form = SignedForm.objects.get()
    assert form.consent == Consent.objects.get()
    opened = client.get(f"/samtykkeskjema/{form.pk}/")
    assert (opened.status_code, opened["Content-Disposition"][:10]) == (200, "attachment")
    assert AuditEvent.objects.get(verb="case.signed_form").kind == "export"


def test_who_reads_the_reasons_opens_it_and_nobody_else(world: World) -> None:
    """Given a yes to the school with a scan; then the school opens it, PPT does not; nor the school, once withdrawn."""
    case = a_case(world, level=2)
    with_participants(case, world.school, world.ppt)
    row = consent(case, [world.school], ["health"])
    consent(fresh(case), [world.ppt, world.school], ["school"])
    form = scanned(row, world)
    url = f"/samtykkeskjema/{form.pk}/"
    ppt = world.client(world.actor(Role.CONTRIBUTOR, world.ppt))
    assert [world.client(world.teacher).get(url).status_code, ppt.get(url).status_code] == [200, 404]
    assert f"/samtykkeskjema/{form.pk}/" not in ppt.get(f"/saker/{case.pk}/samtykke/").content.decode()
    withdraw_consent(consent=row, by=world.coordinator)
    assert world.client(world.teacher).get(url).status_code == 404
    assert world.client(world.coordinator).get(url).status_code == 200


def test_the_wrong_paper_is_struck_through_and_never_opened_again(world: World) -> None:
    """Given somebody else's paper uploaded; when it is marked wrong; then it opens for nobody, and stands with why."""
    case = a_case(world, level=2)
    with_participants(case, world.school)
    form = scanned(consent(case, [world.school], ["health"]), world)
    client = world.client(world.coordinator)
    page = client.post(f"/feilregistrer/skjema/{form.pk}/", {"reason": "Gjelder et annet barn"})
    assert page.status_code == 303
    assert client.get(f"/samtykkeskjema/{form.pk}/").status_code == 403
    assert "Gjelder et annet barn" in client.get(f"/saker/{case.pk}/samtykke/").content.decode()


def test_it_is_uploaded_later_once_and_its_file_is_no_orphan(world: World) -> None:
    """Given an answer without paper; when the same file comes twice; then it is one, and no cleaning takes it."""
    case = a_case(world, level=2)
    with_participants(case, world.school)
    row = consent(case, [world.school], ["health"])
    client, url = world.client(world.coordinator), f"/samtykke/{row.pk}/skjema/"
    paper = files.pdf()
    for _time in range(2):
        sent = {"signed": SimpleUploadedFile("skjema.pdf", paper, "application/pdf")}
        assert client.post(url, sent).status_code == 303
    assert SignedForm.objects.count() == 1
    assert orphans(timezone.now() + dt.timedelta(days=9)) == []
    assert client.post(url, {}).status_code == 422
    assert world.client(world.teacher).get(url).status_code == 403
    mark_error(entry=row, reason="Feil barn", by=world.coordinator)
    assert world.client(world.teacher).get(f"/samtykkeskjema/{SignedForm.objects.get().pk}/").status_code == 404
