"""What referrals adds to the registers of the lower apps: tasks, notifications, navigation, sections, grants,
subjects."""

from django.utils.translation import gettext_lazy as _

from cases.admission import add_source
from cases.inbox import TaskKind, add_kinds, add_notices, add_outliving_rules
from cases.obligations import add_subjects
from cases.telling_deadlines import add_telling_rules
from portal.context import Actor
from portal.models import Role
from portal.rights import can
from portal.shell import NavItem, add_nav
from referrals.grants import from_referrals
from referrals.roles import HOSPITAL, REFERRERS
from referrals.subjects import consultations_of_case, referrals_of_case

add_kinds(
    TaskKind("contribution.write", _("Skriv bidrag til samordnet henvisning"), "referrals:contribution"),
    TaskKind("referral.collect", _("En henvisning er påbegynt: be om bidrag"), "referrals:assemble"),
    TaskKind("referral.assemble", _("Alle bidrag er inne: gå gjennom henvisningen"), "referrals:assemble"),
    TaskKind("referral.assess", _("Vurder og ferdigstill henvisning"), "referrals:assess", REFERRERS),
    TaskKind("referral.complete", _("Henviser ba om mer før ferdigstilling"), "referrals:assemble"),
    TaskKind(
        "referral.replace", _("Henviser har ikke lenger innsyn: gi henvisningen til en annen"), "referrals:assemble"
    ),
    TaskKind("intake.receive", _("Ny henvisning: registrer mottak"), "referrals:intake_referral", {Role.INTAKE}),
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
    contribution__not_used=_("Henvisningen er avgjort. Saken krever ikke mer av deg"),
    contribution__late=_("Et bidrag kom etter at henvisningen ble sendt. Det går med i neste versjon"),
    contribution__cancelled=_("Dere trenger ikke svare på forespørselen om bidrag"),
    contribution__taken_back=_("En forespørsel om bidrag er trukket tilbake"),
    contribution__withdrawn=_("En henvisning dere er bedt om bidrag til, er trukket"),
    contribution__sent_without=_("Henvisningen er sendt. Bidraget kan fortsatt leveres"),
    referral__for_assessment=_("En henvisning venter på vurderingen din"),
    referral__returned=_("Henviser ba om mer før ferdigstilling"),
    referral__referrer_lost=_("Den som skulle henvise, har ikke lenger innsyn. Gi henvisningen til en annen"),
    referral__sent=_("Henvisningen er sendt"),
    referral__arrived=_("En ny henvisning er kommet"),
    referral__new_version=_("Henvisningen har fått en ny versjon"),
    referral__received=_("Sykehuset har registrert mottaket"),
    referral__redirected=_("Henvisningen er sendt videre til en annen avdeling"),
    intake__assigned=_("Du har fått en henvisning å vurdere"),
    referral__urgency=_("Sykehuset har endret hastegraden"),
    referral__decided=_("Sykehuset har vurdert henvisningen"),
    referral__decision_wrong=_("Avgjørelsen var feilregistrert. Sykehuset vurderer henvisningen på nytt"),
    referral__receipt_wrong=_("Mottaket var feilregistrert. Sykehuset registrerer det på nytt"),
    treatment__started=_("Behandlingen på sykehuset har startet"),
    treatment__marked_wrong=_("Det var feil at behandlingen på sykehuset hadde startet"),
    referral__withdrawn=_("Henvisningen er trukket"),
    information__asked=_("Inntaket har spurt om mer informasjon"),
    information__answered=_("Inntaket har fått svar"),
    information__cancelled=_("Et spørsmål fra inntaket er falt bort: tjenesten er ikke lenger med i saken"),
    consultation__asked=_("En kommune vil drøfte før henvisning"),
    consultation__answered=_("Avdelingen har svart på drøftingen"),
    consultation__closed=_("En drøfting står ubesvart: avdelingen kan ikke lese den uten samtykke"),
    consultation__wrong=_("En drøfting avdelingen registrerte, var feilregistrert"),
    emergency__recorded=_("Øyeblikkelig hjelp er vurdert"),
    emergency__called=_("Vakten er ringt om øyeblikkelig hjelp"),
    emergency__wrong=_("En vurdering av øyeblikkelig hjelp var feilregistrert"),
)
add_source(from_referrals)
# Only «rett» starts these two: their dates tell what the hospital came to.
add_telling_rules("treatment_right_date", "treatment_start_under_23")
# And they bind the hospital also when the municipality has closed its case.
add_outliving_rules("treatment_right_date", "treatment_start_under_23")
add_subjects(
    "referral",
    referrals_of_case,
    lambda referral: str(_("Henvisning til %(name)s")) % {"name": referral.receiver.name},
)
add_subjects(
    "consultation",
    consultations_of_case,
    lambda consultation: str(_("Drøfting med %(name)s")) % {"name": consultation.department.name},
)


def _has_intake(actor: Actor) -> bool:
    return can(actor, "intake.list") and actor.service is not None and actor.service.receives_referrals


add_nav(NavItem(30, "referrals:intake", _("Inntak"), "Buildings3", shown_to=_has_intake))
