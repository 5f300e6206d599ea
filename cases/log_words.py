"""The words of the log: each verb of the audit trail in plain Norwegian. A test finds verbs in the code without words.

Pages read as what was looked at, writes as what happened, and refused rights as what somebody tried.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.models import AuditEvent
from portal.states import PROCESSES

_WORDS: dict[str, Any] = {}
_BASES: dict[str, Any] = {}


def add_words(words: dict[str, Any], bases: dict[str, Any] | None = None) -> None:
    """Registers verbs, and the codes of bases of access, with what they are called; called by each app as it starts."""
    _WORDS.update(words)
    _BASES.update(bases or {})


def known(verb: str) -> bool:
    """Whether a verb has words: registered ones, or those of a state of a process."""
    process, _dot, state = verb.partition(".")
    return verb in _WORDS or (process in PROCESSES and state in PROCESSES[process].labels)


def said(verb: str, kind: str = AuditEvent.Kind.WRITE) -> str:
    """A verb in words; a move is told by its process and new state. The verb itself where nothing is known.

    «case.open» written is the case becoming open; refused, it is somebody who tried to open one.
    """
    process, _dot, state = verb.partition(".")
    moved = process in PROCESSES and state in PROCESSES[process].labels
    if moved and (kind == AuditEvent.Kind.WRITE or verb not in _WORDS):
        return f"{PROCESSES[process].title}: {str(PROCESSES[process].labels[state]).lower()}"
    return str(_WORDS.get(verb, verb))


def said_basis(basis: str) -> str:
    """The basis of access in words."""
    return str(_BASES.get(basis, basis))


add_words(
    {
        # Pages of the case
        "case.overview": _("oversikten"),
        "case.timeline": _("tidslinjen"),
        "case.list": _("listen over saker"),
        "inbox": _("innboksen"),
        "case.concern": _("skjemaet for ny undring"),
        "case.level": _("siden om nivå"),
        "case.inform": _("siden om foresatte er informert"),
        "case.holder": _("siden om stafettholder"),
        "holder.offer": _("tilbudet om stafettpinnen"),
        "case.participants": _("deltakere og foresatte"),
        "case.guardian_new": _("skjemaet for ny foresatt"),
        "case.guardian_edit": _("opplysninger om en foresatt"),
        "case.guardian": _("opplysninger om en foresatt"),
        "case.capacity": _("hvem som bestemmer for barnet"),
        "case.child": _("opplysninger om barnet"),
        "case.child_number": _("opplysninger om barnet, med fødselsnummeret"),
        "case.consents": _("samtykkene"),
        "case.consent_new": _("skjemaet for nytt samtykke"),
        "case.consent_form": _("samtykkeskjemaet"),
        "consent.form_printed": _("samtykkeskjemaet som PDF"),
        "case.signed_form": _("et underskrevet skjema"),
        "signed_form.added": _("et underskrevet skjema er lagret"),
        "signed_form.marked_wrong": _("et underskrevet skjema er feilregistrert"),
        "case.signed_form_new": _("siden for å laste opp et underskrevet skjema"),
        "case.consent_withdraw": _("siden for å trekke et samtykke"),
        "case.consent_notice": _("beskjed om samtykke som er trukket"),
        "case.statutory_new": _("skjemaet for annet grunnlag enn samtykke"),
        "case.measures": _("tiltakene"),
        "case.measure_new": _("skjemaet for nytt tiltak"),
        "case.measure_step": _("et tiltak"),
        "case.voices": _("barnets stemme"),
        "case.voice_new": _("skjemaet for barnets stemme"),
        "case.documents": _("listen over dokumenter"),
        "case.document_new": _("skjemaet for nytt dokument"),
        "case.document": _("et dokument"),
        "case.mark_error": _("markere noe som feilregistrert"),
        "case.reserve_page": _("siden for å reservere noe fra foreldrene"),
        "case.log": _("loggen"),
        "case.acquaintances": _("hvem familien kjenner i tjenestene"),
        "case.log_csv": _("loggen som regneark"),
        "case.log_pdf": _("loggen som PDF"),
        "case.own": _("det tjenesten selv har skrevet"),
        "case.close": _("siden for å avslutte eller gjenåpne saken"),
        "case.merge": _("siden for å slå sammen saker"),
        "case.duplicates": _("mulige saker om samme barn"),
        "case.search": _("etter saker"),
        # What was done
        "case.opened": _("saken er opprettet"),
        "case.concern_recorded": _("undring er skrevet"),
        "case.guardians_informed": _("foresatte er informert"),
        "case.guardians_not_informed": _("grunn til at foresatte ikke er informert"),
        "case.informed_withdrawn": _("det som sto om at foresatte var informert eller ikke, er trukket"),
        "case.level_changed": _("BTI-nivået er endret"),
        "case.obligations": _("pliktene i saken"),
        "obligation.waived": _("en plikt er satt til side"),
        "obligation.reopened": _("en plikt er tatt opp igjen"),
        "case.step_done": _("et steg på nivået er gjort"),
        "case.step_undone": _("et steg på nivået er åpnet igjen"),
        "case.child_changed": _("opplysninger om barnet er rettet"),
        "case.merged_from": _("en annen sak er slått sammen med denne"),
        "case.merged_into": _("saken er slått sammen med en annen"),
        "child.number_keys_rotated": _("fødselsnumre er kryptert med ny nøkkel"),
        "case.duplicate_dismissed": _("to saker gjelder ikke samme barn"),
        "child.capacity_set": _("hvem som bestemmer for barnet, er endret"),
        "holder.offered": _("stafettpinnen er tilbudt"),
        "participant.added": _("en tjeneste er lagt til"),
        "participant.changed": _("formålet eller perioden til en tjeneste er endret"),
        "participant.ended": _("en tjeneste deltar ikke lenger"),
        "guardian.added": _("en foresatt er lagt til"),
        "guardian.changed": _("opplysninger om en foresatt er endret"),
        "guardian.marked_wrong": _("en foresatt er feilregistrert"),
        "consent.given": _("samtykke er gitt"),
        "consent.refused": _("et nei til deling er registrert"),
        "consent.withdrawn": _("samtykke er trukket"),
        "consent.marked_wrong": _("et samtykke er feilregistrert"),
        "statutory.recorded": _("annet grunnlag enn samtykke er registrert"),
        "statutory.marked_wrong": _("et grunnlag er feilregistrert"),
        "acquaintance.recorded": _("familien har sagt at noen i en tjeneste kjenner barnet"),
        "acquaintance.ended": _("at noen i en tjeneste kjenner barnet, er tatt bort"),
        "measure.recorded": _("et tiltak er skrevet"),
        "measure.marked_wrong": _("et tiltak er feilregistrert"),
        "voice.recorded": _("barnets eller familiens ord er skrevet"),
        "voice.marked_wrong": _("ord er feilregistrert"),
        "document.added": _("et dokument er lagt til"),
        "entry.reserved": _("noe er reservert fra foreldrene"),
        "entry.reserve_lifted": _("noe er ikke lenger reservert fra foreldrene"),
        "reserved.marked_wrong": _("en reservasjon er feilregistrert"),
        "document.marked_wrong": _("et dokument er feilregistrert"),
        "concern.marked_wrong": _("en undring er feilregistrert"),
        "emergency_access.opened": _("saken er åpnet i en nødsituasjon"),
        "emergency_access.ended": _("en nødtilgang er avsluttet"),
        "emergency_access.reviewed": _("en nødtilgang er gjennomgått"),
        "case.emergency_search": _("etter et barn i en nødsituasjon"),
        "case.emergency_access_read": _("hvem som åpnet saken i en nødsituasjon"),
        "case.emergency_access": _("åpne en sak i en nødsituasjon"),
        "case.end_emergency_access": _("avslutte en nødtilgang"),
        "case.review_emergency_access": _("gå gjennom en nødtilgang"),
        "task.reassigned": _("en oppgave er gitt til en annen"),
        # Rights that were refused
        "holder.read": _("se tilbudet om stafettpinnen"),
        "notification.read": _("åpne et varsel"),
        "task.reassign": _("gi en oppgave til en annen"),
        "case.open": _("opprette sak"),
        "case.read": _("se saken"),
        "case.read_log": _("se loggen"),
        "case.record_concern": _("skrive undring"),
        "case.inform_guardians": _("registrere at foresatte er informert"),
        "case.change_level": _("endre BTI-nivået"),
        "case.mark_step": _("markere et steg på nivået"),
        "case.offer_holder": _("tilby stafettpinnen"),
        "case.answer_offer": _("svare på tilbudet om stafettpinnen"),
        "case.change_child": _("rette opplysninger om barnet"),
        "case.manage_participants": _("endre hvem som deltar"),
        "case.manage_guardians": _("endre opplysninger om foresatte"),
        "case.record_consent": _("registrere samtykke"),
        "case.withdraw_consent": _("trekke et samtykke"),
        "case.record_statutory_basis": _("registrere annet grunnlag enn samtykke"),
        "case.record_voice": _("skrive barnets ord"),
        "case.record_measure": _("skrive tiltak"),
        "case.evaluate_measure": _("evaluere et tiltak"),
        "case.record_acquaintance": _("registrere hvem familien kjenner i tjenestene"),
        "case.add_document": _("legge til et dokument"),
        "case.reserve": _("reservere noe fra foreldrene"),
        "case.waive": _("fravike en plikt"),
        # User administration, never in the log of a case
        "unusual.list": _("uvanlige oppslag i tjenesten"),
        "unusual.read": _("se uvanlige oppslag i tjenesten"),
        "unusual.look_at": _("gå gjennom et uvanlig oppslag"),
        "unusual.looked_at": _("et uvanlig oppslag er gjennomgått"),
        "people.read": _("se brukerlisten"),
        "people.invite": _("invitere en bruker"),
        "people.approve": _("godkjenne en tilgang"),
        "people.end": _("avslutte en tilgang"),
        "people.review": _("gå gjennom en tilgang"),
        "people.correct": _("rette opplysninger om en bruker"),
        "people.reset_login": _("nullstille innloggingen til en bruker"),
        "person.logged_in": _("logget inn"),
        "person.login_refused": _("ble ikke sluppet inn med elektronisk ID"),
        "person.eid_linked": _("elektronisk ID er knyttet til brukeren"),
        "person.factor_added": _("et ekstra trinn for innlogging er satt opp"),
        "person.factor_removed": _("et ekstra trinn for innlogging er fjernet"),
        "person.codes_renewed": _("nye reservekoder er laget"),
        "person.login_reset": _("innloggingen til en bruker er nullstilt"),
        "person.sessions_ended": _("økter er avsluttet"),
        "person.acts_as": _("byttet rolle"),
        "person.corrected": _("opplysninger om en bruker er rettet"),
        "membership.invited": _("en bruker er invitert"),
        "membership.invitation_sent": _("invitasjonen er sendt"),
        "membership.approved": _("en tilgang er godkjent"),
        "membership.ended": _("en tilgang er avsluttet"),
        "membership.reviewed": _("en tilgang er gjennomgått"),
        "membership.bootstrapped": _("den første brukeradministratoren er laget"),
        "directory.loaded": _("katalogen er lest inn"),
    },
    bases={
        "holder": _("stafettholderens tjeneste"),
        "opened": _("tjenesten som opprettet saken"),
        "author": _("skrev i saken"),
        "participant": _("deltar i saken"),
        "consent": _("samtykke"),
        "statutory": _("grunnlag i loven"),
        "emergency": _("nødtilgang"),
        "offer": _("spurt om å bli stafettholder"),
    },
)
