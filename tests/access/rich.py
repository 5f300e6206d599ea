"""A world with something of everything in it, made through the actions, for tests that walk over all of it."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from cases.actions.documents import add_document
from cases.actions.emergency_access import open_in_emergency
from cases.actions.holder import offer_holder
from cases.actions.measures import add_measure
from cases.actions.open import open_case
from cases.actions.reserve import reserve
from cases.actions.signed_forms import Scan, attach_signed_form
from cases.actions.statutory import record_statutory_basis
from cases.actions.unusual import record_acquaintance
from cases.actions.voice import record_voice
from cases.models import (
    Acquaintance,
    Case,
    CaseHolder,
    Consent,
    Document,
    EmergencyAccess,
    Guardian,
    Measure,
    Notification,
    Participant,
    SignedForm,
    Task,
    Withheld,
)
from cases.national_number import read
from portal.actions.memberships import invite
from portal.identity.fnr import synthetic
from portal.ids import uuid7
from portal.kept import keep
from portal.models import KeptText, Membership, Role
from portal.timeframe import today
from referrals.actions.assess import complete_assessment, hand_over, save_assessment
from referrals.actions.attach import upload_attachment
from referrals.actions.consult import ask_department
from referrals.actions.emergency import answer_emergency
from referrals.actions.finalise import finalise_referral, save_overall
from referrals.actions.information import ask_for_information
from referrals.actions.intake import receive
from referrals.models import (
    Attachment,
    Consultation,
    Contribution,
    EmergencyAssessment,
    GpAssessment,
    InformationRequest,
    Referral,
)
from tests.referral_stories import (
    a_referral,
    consented_case,
    fresh_contribution,
    fresh_referral,
    submitted,
)
from tests.stories import BORN, fresh, holder_actor
from tests.uploads.files import pdf
from tests.world import World

CHILD = "Ada Solveig Hemmelighaug"
NUMBER = synthetic(BORN)
# What people typed: none of it may stand in a log, an address or a text about rows.
TYPED = "Gråter hver kveld og vil ikke hjem til bestefar"


@dataclass
class Rich:
    """The world, and one of each thing in it. The case's participants are school, PPT, health visitor and GP."""

    world: World
    case: Case
    closed_to_others: Case
    referral: Referral
    assessed: Referral
    sent: Referral
    contribution: Contribution
    request: InformationRequest
    named: Consultation
    nameless: Consultation
    emergency: EmergencyAssessment
    attachment: Attachment
    assessment: GpAssessment
    measure: Measure
    document: Document
    offer: CaseHolder
    emergency_access: EmergencyAccess
    invited: Membership
    kept: KeptText

    @classmethod
    def build(cls) -> "Rich":
        """Everything, through the actions; takes a few seconds."""
        world = World.build()
        for service in (
            world.school,
            world.ppt,
            world.gp,
            world.coordinating_unit,
            world.bup,
            world.habu,
            world.other_school,
        ):
            for role in Role:
                world.actor(role, service)
        case = consented_case(world, name=CHILD, number=read(NUMBER), seen_and_heard=TYPED)
        holder, now = holder_actor(case), timezone.now()
        add_measure(case=case, service=world.school, title="Liten gruppe", started_on=today(), by=world.teacher)
        measure = add_measure(case=case, service=world.ppt, title="Samtaler", started_on=today(), by=ppt(world))
        record_voice(case=case, words=TYPED, how_obtained="conversation", obtained_on=today(), by=world.teacher)
        document = add_document(
            case=case, data=pdf(), file_name="rapport.pdf", title="Rapport", category="school", by=world.teacher
        )
        reserve(
            entry=document, ground="weighty", reason=TYPED, assessed_by="Lege", assessed_on=today(), by=world.teacher
        )
        signed = Consent.objects.filter(case=case).first()
        assert signed is not None
        attach_signed_form(consent=signed, scan=Scan(pdf(3), "skjema.pdf"), by=holder)
        record_statutory_basis(
            case=case,
            service=world.child_protection,
            code="duty_to_notify",
            categories=["family"],
            reason="Meldeplikt.",
            by=holder,
        )
        referral = a_referral(world, fresh(case), world.school, world.ppt)
        contribution = fresh_contribution(Contribution.objects.get(referral=referral, service=world.school))
        attachment = upload_attachment(
            contribution=contribution,
            data=pdf(2),
            file_name="tegning.pdf",
            title="Tegning",
            kind="pedagogical_report",
            by=world.teacher,
        )
        submitted(world, fresh_contribution(Contribution.objects.get(referral=referral, service=world.ppt)), TYPED)
        assessed, assessment = for_assessment(world, name="Bo Nordli")
        sent = sent_referral(world, name="Mia Vik")
        question = ask_for_information(
            referral=sent, question="Hvordan går det nå?", by=world.intake, contribution=sent.contributions.first()
        )
        record_acquaintance(case=fresh(case), service=world.school, person=None, note=TYPED, by=holder)
        consult: dict[str, Any] = {"case": fresh(case), "department": world.bup, "question": TYPED, "by": holder}
        offer = offer_holder(case=fresh(case), to=world.actor(Role.COORDINATOR, world.school).membership, by=holder)
        other = open_case(
            case_id=uuid7(), child_name="Skjult Barn", birth_date=BORN, seen_and_heard=TYPED, how_long="uker",
            shared_with="ingen", by=world.coordinator,
        )  # fmt: skip
        invited = invite(
            email="ny@eksempel.invalid",
            name="Nina Ny",
            service=world.school,
            role=Role.CONTRIBUTOR,
            by=world.actor(Role.USER_ADMINISTRATOR, world.administration),
            letter=False,
        )
        assert world.teacher.user is not None
        kept = keep(world.teacher.user, f"/bidrag/{contribution.pk}/", {"text": TYPED})
        assert kept is not None
        return cls(
            world=world,
            case=fresh(case),
            closed_to_others=fresh(other),
            referral=fresh_referral(referral),
            assessed=assessed,
            sent=fresh_referral(sent),
            contribution=fresh_contribution(contribution),
            request=question,
            named=ask_department(**consult, nameless=False, now=now),
            nameless=ask_department(**consult, nameless=True, now=now),
            emergency=answer_emergency(case=fresh(case), is_emergency=True, by=world.doctor),
            attachment=attachment,
            assessment=assessment,
            measure=measure,
            document=document,
            offer=offer,
            emergency_access=open_in_emergency(
                case_id=case.pk,
                reason=TYPED,
                by=world.actor(Role.EMERGENCY_CLINIC, world.emergency_clinic),
            ),
            invited=invited,
            kept=kept,
        )

    def values(self) -> dict[str, list[Any]]:
        """Values for each name of an argument in an address; a name that is not here makes the walk fail.

        «page argument» where an argument means something else on one page.
        """
        cases = [self.case.pk, self.closed_to_others.pk]
        return {
            "case_id": cases,
            "other_id": cases,
            "holder_id": [self.offer.pk],
            "acquaintance_id": ids(Acquaintance.objects.filter(case=self.case)),
            "participant_id": ids(Participant.objects.filter(case=self.case)),
            "access_id": [self.emergency_access.pk],
            "guardian_id": ids(Guardian.objects.filter(child=self.case.child)),
            "consent_id": ids(Consent.objects.filter(case=self.case)),
            "reserved_id": ids(Withheld.objects.filter(case=self.case)),
            "form_id": ids(SignedForm.objects.filter(case=self.case)),
            "measure_id": [self.measure.pk],
            "document_id": [self.document.pk, self.attachment.document_id],
            "task_id": ids(Task.objects.filter(case=self.case)),
            "notification_id": ids(Notification.objects.filter(case=self.case)),
            "referral_id": [self.referral.pk, self.assessed.pk, self.sent.pk],
            "contribution_id": [self.contribution.pk, *ids(self.sent.contributions.all())],
            "attachment_id": [self.attachment.pk],
            "consultation_id": [self.named.pk, self.nameless.pk],
            "request_id": [self.request.pk],
            "emergency_id": [self.emergency.pk],
            "assessment_id": [self.assessment.pk],
            "membership_id": [self.invited.pk, self.world.teacher.membership.pk],
            "user_id": [self.invited.user_id, self.world.teacher.user.pk],
            "text_id": [self.kept.pk],
            "service_id": [self.world.kindergarten.pk],
            "key": ["6.1.1"],
            "referrals:contribution_section key": [self.contribution.sections.order_by("position")[0].key],
            "kind": ["dokument", "tull"],
            "entry_id": [self.document.pk],
        }


def ppt(world: World) -> Any:
    """A contributor at PPT."""
    return world.actor(Role.CONTRIBUTOR, world.ppt)


def ids(rows: Any) -> list[Any]:
    """The keys of rows, at least one."""
    found = list(rows.values_list("pk", flat=True)[:2])
    assert found, "the rich world lacks one of these"
    return found


def for_assessment(world: World, **given: Any) -> tuple[Referral, GpAssessment]:
    """A referral that waits for the doctor, who has written an assessment."""
    referral = a_referral(world, consented_case(world, **given), world.school)
    submitted(world, fresh_contribution(Contribution.objects.get(referral=referral)))
    hand_over(referral=fresh_referral(referral), referrer=world.doctor.membership, by=holder_actor(referral.case))
    made = save_assessment(
        referral=fresh_referral(referral), sections={"presenting": TYPED}, version=0, by=world.doctor
    )
    answer_emergency(case=fresh(referral.case), referral=referral, is_emergency=False, by=world.doctor)
    complete_assessment(referral=fresh_referral(referral), by=world.doctor)
    return fresh_referral(referral), made


def sent_referral(world: World, **given: Any) -> Referral:
    """A referral that the department has received."""
    referral, _made = for_assessment(world, **given)
    save_overall(referral=referral, text=TYPED, version=referral.assessment_version, by=world.doctor)
    finalise_referral(referral=fresh_referral(referral), by=world.doctor)
    receive(referral=fresh_referral(referral), received_on=today(), by=world.intake)
    return fresh_referral(referral)
