"""Attachments: uploaded with a contribution or taken from the case; who may open them before and after sending."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.actions.documents import add_document
from cases.document_access import open_document
from cases.models import Document
from portal.access import Denied, Stranger
from portal.answering import Invalid
from portal.models import Role
from portal.states import MovedOn
from referrals.actions.attach import attach_document, detach, upload_attachment
from referrals.actions.write import seal_draft, submit_contribution
from referrals.models import Attachment
from tests.referral_stories import a_contribution, a_referral, fresh_contribution, submitted, writer_of, written
from tests.uploads import files
from tests.world import World


@pytest.fixture(autouse=True)
def _storage(settings: object, tmp_path: object) -> None:
    """Files of a test stay in its folder."""
    stored = {**settings.STORAGES}
    stored["default"] = {**stored["default"], "OPTIONS": {"location": str(tmp_path), "base_url": None}}
    settings.STORAGES = stored


def uploaded(world: World, contribution: object, **given: object) -> Attachment:
    facts = {
        "data": files.pdf(),
        "file_name": "rapport.pdf",
        "title": "Pedagogisk rapport",
        "kind": "pedagogical_report",
    }
    return upload_attachment(contribution=contribution, by=world.teacher, **{**facts, **given})


def test_a_contributor_without_the_case_can_upload_and_open_its_own(world: World) -> None:
    contribution = a_contribution(world)
    made = uploaded(world, contribution)
    assert (made.contribution, made.document.service, made.document.category) == (contribution, world.school, "school")
    assert open_document(world.teacher, made.document_id) == made.document
    with pytest.raises(Stranger):
        open_document(world.actor(Role.CONTRIBUTOR, world.other_school), made.document_id)


def test_a_file_that_lies_about_its_type_is_refused_at_the_field(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        uploaded(world, a_contribution(world), data=b"MZ" + b"\x00" * 400)
    assert "file" in refused.value.errors
    assert not Document.objects.exists()


def test_a_kind_outside_the_edition_is_refused(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        uploaded(world, a_contribution(world), kind="love_letter")
    assert "kind" in refused.value.errors


def test_taking_it_out_marks_it_as_wrong_and_nothing_is_deleted(world: World) -> None:
    made = uploaded(world, a_contribution(world))
    detach(attachment=made, by=world.teacher)
    made.refresh_from_db()
    assert made.detached_by == world.teacher.user
    assert Document.objects.get(pk=made.document_id).in_error
    with pytest.raises(Denied):
        open_document(world.teacher, made.document_id)
    assert detach(attachment=made, by=world.teacher).pk == made.pk


def test_after_submission_nothing_is_added_or_removed(world: World) -> None:
    contribution = written(world, a_contribution(world))
    made = uploaded(world, contribution)
    submit_contribution(contribution=contribution, by=world.teacher)
    late = fresh_contribution(contribution)
    with pytest.raises(MovedOn):
        uploaded(world, late, title="En til")
    made.contribution, made.referral = late, late.referral
    with pytest.raises(MovedOn):
        detach(attachment=made, by=world.teacher)


def test_what_goes_with_a_sealed_contribution_is_sealed(world: World) -> None:
    contribution = written(world, a_contribution(world))
    made = uploaded(world, contribution)
    submit_contribution(contribution=contribution, sealed=True, by=world.teacher)
    with pytest.raises(Stranger):
        open_document(world.coordinator, made.document_id)


def test_a_draft_is_nobodys_but_its_writers(world: World) -> None:
    """Given a file uploaded with a draft, when others look, then they see it only once it is submitted."""
    contribution = written(world, a_contribution(world))
    made = uploaded(world, contribution)
    with pytest.raises(Stranger):
        open_document(world.coordinator, made.document_id)
    page = reverse("referrals:assemble", args=[contribution.referral_id])
    assert "Pedagogisk rapport" not in world.client(world.coordinator).get(page).content.decode()
    assert open_document(world.teacher, made.document_id)
    submit_contribution(contribution=contribution, by=world.teacher)
    assert open_document(world.coordinator, made.document_id)
    assert "Pedagogisk rapport" in world.client(world.coordinator).get(page).content.decode()


def test_who_is_to_read_it_is_saved_with_the_draft(world: World) -> None:
    """Given a draft, when the tick is set and the draft is saved, then it stands; what is submitted is not changed."""
    contribution = a_contribution(world)
    client, page = world.client(world.teacher), reverse("referrals:contribution", args=[contribution.pk])
    assert client.post(page, {"handling": "save", "sealed": "on"}).status_code == 303
    assert fresh_contribution(contribution).sealed
    assert "checked" in client.get(page).content.decode()
    assert client.post(page, {"handling": "save"}).status_code == 303
    assert not fresh_contribution(contribution).sealed
    submitted(world, contribution)
    assert seal_draft(contribution=contribution, sealed=True, by=world.teacher) is False


def test_a_document_of_the_case_is_attached_once_as_it_is(world: World) -> None:
    referral = a_referral(world)
    document = add_document(
        case=referral.case,
        data=files.pdf(),
        file_name="a.pdf",
        title="Sakkyndig",
        category="school",
        by=world.coordinator,
    )
    first = attach_document(referral=referral, document=document, kind="ppt_report", by=world.coordinator)
    assert attach_document(referral=referral, document=document, kind="ppt_report", by=world.coordinator) == first
    detach(attachment=first, by=world.coordinator)
    assert not Document.objects.get(pk=document.pk).in_error
    assert attach_document(referral=referral, document=document, kind="ppt_report", by=world.coordinator) != first


def test_a_document_of_another_case_is_not_attached(world: World) -> None:
    one, other = a_referral(world), a_referral(world)
    document = add_document(
        case=other.case, data=files.pdf(), file_name="a.pdf", title="Sakkyndig", category="school", by=world.coordinator
    )
    with pytest.raises(Invalid):
        attach_document(referral=one, document=document, kind="other", by=world.coordinator)


def test_the_page_uploads_and_removes(world: World) -> None:
    contribution = a_contribution(world)
    client = world.client(writer_of(world, contribution))
    url = reverse("referrals:contribution_upload", args=[contribution.pk])
    lying = client.post(url, {"file": SimpleUploadedFile("a.pdf", b"hei"), "title": "X", "kind": "other"})
    assert lying.status_code == 422
    assert "Velg en fil" not in lying.content.decode()
    sent = {"file": SimpleUploadedFile("a.pdf", files.pdf(), "application/pdf"), "title": "Rapport", "kind": "other"}
    assert client.post(url, sent).status_code == 303
    page = client.get(reverse("referrals:contribution", args=[contribution.pk])).content.decode()
    assert "Rapport" in page
    made = Attachment.objects.get()
    client.post(reverse("referrals:contribution_detach", args=[contribution.pk, made.pk]))
    assert "Ingen vedlegg." in client.get(reverse("referrals:contribution", args=[contribution.pk])).content.decode()


def test_another_services_attachment_is_not_removed_through_ones_own_page(world: World) -> None:
    referral = a_referral(world, None, world.school, world.ppt)
    school, ppt = (fresh_contribution(referral.contributions.get(service=s)) for s in (world.school, world.ppt))
    made = uploaded(world, school)
    response = world.client(writer_of(world, ppt)).post(
        reverse("referrals:contribution_detach", args=[ppt.pk, made.pk])
    )
    assert response.status_code == 404


def test_a_submitted_contribution_lists_its_files_for_the_holder(world: World) -> None:
    contribution = a_contribution(world)
    uploaded(world, contribution)
    submitted(world, contribution)
    page = world.client(world.coordinator).get(reverse("referrals:assemble", args=[contribution.referral_id]))
    assert "Pedagogisk rapport" in page.content.decode()
