"""What a consent decision can come to, each answer with the sentence a person reads."""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from cases.consent_facts import Party

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class DeciderKind(StrEnum):
    """Who decides."""

    GUARDIANS = "guardians"
    YOUTH = "youth"
    ADULT = "adult"
    BARNEVERN = "barnevern"
    VERGE = "verge"
    NEXT_OF_KIN = "next_of_kin"
    NOBODY = "nobody"


class Because(StrEnum):
    """Why something is allowed (the first eight) or not."""

    GUARDIANS = "guardians"
    ONE_GUARDIAN = "one_guardian"
    YOUTH = "youth"
    ADULT = "adult"
    BARNEVERN = "barnevern"
    VERGE = "verge"
    NEXT_OF_KIN = "next_of_kin"
    STATUTORY = "statutory"
    NO_CONSENT = "no_consent"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    SECOND_GUARDIAN_MISSING = "second_guardian_missing"
    YOUTH_MUST_DECIDE = "youth_must_decide"
    NOT_ENTITLED = "not_entitled"
    NOBODY_CAN_CONSENT = "nobody_can_consent"
    RESERVED_BY_CHILD = "reserved_by_child"


DECIDERS: "dict[DeciderKind, _StrPromise]" = {
    DeciderKind.GUARDIANS: _("De som har foreldreansvar, bestemmer. Som regel må alle samtykke."),
    DeciderKind.YOUTH: _("Den unge bestemmer selv."),
    DeciderKind.ADULT: _("Personen er myndig og bestemmer selv."),
    DeciderKind.BARNEVERN: _("Barnevernet har overtatt omsorgen og bestemmer."),
    DeciderKind.VERGE: _("Vergen bestemmer innenfor sitt mandat."),
    DeciderKind.NEXT_OF_KIN: _("Nærmeste pårørende bestemmer, fordi personen ikke har samtykkekompetanse."),
    DeciderKind.NOBODY: _("Ingen som er registrert i saken, kan samtykke."),
}
SENTENCES: "dict[Because, _StrPromise]" = {
    Because.GUARDIANS: _("Alle med foreldreansvar har samtykket."),
    Because.ONE_GUARDIAN: _("Én med foreldreansvar har samtykket, og det er begrunnet hvorfor det er nok."),
    Because.YOUTH: _("Den unge har samtykket selv."),
    Because.ADULT: _("Personen er myndig og har samtykket selv."),
    Because.BARNEVERN: _("Barnevernet har overtatt omsorgen og har samtykket."),
    Because.VERGE: _("Vergen har samtykket innenfor sitt mandat."),
    Because.NEXT_OF_KIN: _("Nærmeste pårørende har samtykket, fordi personen ikke har samtykkekompetanse."),
    Because.STATUTORY: _("Deles uten samtykke, med hjemmel i %(legal_reference)s."),
    Because.NO_CONSENT: _("Det er ikke gitt samtykke til at denne tjenesten får se dette."),
    Because.REFUSED: _("Det er sagt nei til at denne tjenesten får se dette."),
    Because.WITHDRAWN: _("Samtykket er trukket tilbake."),
    Because.EXPIRED: _("Samtykket har gått ut. Spør på nytt."),
    Because.NOT_YET_VALID: _("Samtykket har ikke begynt å gjelde ennå."),
    Because.SECOND_GUARDIAN_MISSING: _(
        "Det mangler samtykke fra alle med foreldreansvar, eller en begrunnelse for at ett samtykke er nok."
    ),
    Because.YOUTH_MUST_DECIDE: _("Den unge bestemmer nå selv og må spørres. Tidligere samtykke gjelder ikke lenger."),
    Because.NOT_ENTITLED: _("Samtykket er gitt av noen som ikke kan samtykke i denne saken nå."),
    Because.NOBODY_CAN_CONSENT: _(
        "Ingen som er registrert i saken, kan samtykke. Registrer foreldreansvar, verge eller pårørende."
    ),
    Because.RESERVED_BY_CHILD: _("Barnet har bedt om at dette ikke blir delt."),
}


@dataclass(frozen=True)
class Deciders:
    """Who decides; ``all_needed`` is whether every one must consent (guardians: as a rule) or any one may."""

    kind: DeciderKind
    parties: frozenset[Party]
    all_needed: bool = False

    @property
    def explanation(self) -> str:
        """The sentence to show."""
        return str(DECIDERS[self.kind])


@dataclass(frozen=True)
class Basis:
    """Whether a need may be met, and why. ``expires_at`` is when it stops being allowed, as the facts stand."""

    allowed: bool
    because: Because
    consent_ids: tuple[str, ...] = ()
    expires_at: datetime.datetime | None = None
    legal_reference: str = ""

    @property
    def explanation(self) -> str:
        """The sentence to show."""
        return str(SENTENCES[self.because]) % {"legal_reference": self.legal_reference}
