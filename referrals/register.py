"""What referrals adds to the registers of the lower apps: tasks, notifications, navigation, sections, grants,
subjects."""

from django.utils.translation import gettext_lazy as _

from cases.admission import add_source
from cases.inbox import TaskKind, add_kinds, add_notices
from cases.models import Case
from cases.obligations import add_subjects
from portal.context import Actor
from portal.models import Role
from portal.rights import can
from portal.shell import NavItem, add_nav
from referrals.grants import from_referrals
from referrals.models import Consultation, Referral

HOSPITAL = (Role.INTAKE, Role.CLINICIAN)
REFERRERS = (Role.GP, Role.PSYCHOLOGIST, Role.CHILD_PROTECTION_LEADER, Role.EMERGENCY_CLINIC)

add_kinds(
    TaskKind("contribution.write", _("Skriv bidrag til samordnet henvisning"), "referrals:contribution"),
    TaskKind("referral.collect", _("En henvisning er påbegynt: be om bidrag"), "referrals:assemble"),
    TaskKind("referral.assemble", _("Alle bidrag er inne: gå gjennom henvisningen"), "referrals:assemble"),
    TaskKind("referral.assess", _("Vurder og ferdigstill henvisning"), "referrals:assess", REFERRERS),
    TaskKind("referral.complete", _("Henviser ba om mer før ferdigstilling"), "referrals:assemble"),
    TaskKind("intake.receive", _("Ny henvisning: registrer mottak"), "referrals:intake_referral", HOSPITAL),
    TaskKind("intake.decide", _("Vurder henvisning"), "referrals:intake_referral", HOSPITAL),
    TaskKind("information.answer", _("Inntaket trenger mer informasjon"), "referrals:information_request"),
    TaskKind("consultation.answer", _("Svar på drøfting før henvisning"), "referrals:consultation", HOSPITAL),
    TaskKind("outcome.read", _("Les utfallet av henvisningen"), "referrals:outcome"),
)
add_notices(
    contribution__requested=_("Tjenesten din er bedt om bidrag til en henvisning"),
    contribution__submitted=_("Et bidrag er levert"),
    contribution__declined=_("En tjeneste bidrar ikke, og har skrevet hvorfor"),
    contribution__nudged=_("Påminnelse: bidraget ditt er etterspurt"),
    contribution__closed=_("Bidraget ditt er brukt. Saken krever ikke mer av deg"),
    referral__for_assessment=_("En henvisning venter på vurderingen din"),
    referral__returned=_("Henviser ba om mer før ferdigstilling"),
    referral__sent=_("Henvisningen er sendt"),
    referral__new_version=_("Henvisningen har fått en ny versjon"),
    referral__received=_("Sykehuset har registrert mottaket"),
    referral__redirected=_("Henvisningen er sendt videre til en annen avdeling"),
    intake__assigned=_("Du har fått en henvisning å vurdere"),
    referral__urgency=_("Sykehuset har endret hastegraden"),
    referral__decided=_("Sykehuset har vurdert henvisningen"),
    referral__withdrawn=_("Henvisningen er trukket"),
    information__asked=_("Inntaket har spurt om mer informasjon"),
    information__answered=_("Inntaket har fått svar"),
    consultation__asked=_("En kommune vil drøfte før henvisning"),
    consultation__answered=_("Avdelingen har svart på drøftingen"),
    emergency__recorded=_("Øyeblikkelig hjelp er vurdert"),
)
add_source(from_referrals)
add_subjects(
    "referral",
    lambda case: _referrals(case),
    lambda referral: str(_("Henvisning til %(name)s")) % {"name": referral.receiver.name},
)
add_subjects(
    "consultation",
    lambda case: _consultations(case),
    lambda consultation: str(_("Drøfting med %(name)s")) % {"name": consultation.department.name},
)


def _referrals(case: Case) -> list[Referral]:
    read = ("case__child", "case__community", "case__holder__service", "receiver", "sent_by", "referrer__user")
    return list(Referral.objects.filter(case=case).select_related(*read))


def _consultations(case: Case) -> list[Consultation]:
    return list(Consultation.objects.filter(case=case, error_at__isnull=True).select_related("department"))


def _has_intake(actor: Actor) -> bool:
    return can(actor, "intake.list") and actor.service is not None and actor.service.receives_referrals


add_nav(NavItem(30, "referrals:intake", _("Inntak"), "Buildings3", shown_to=_has_intake))
