"""The consent decision, situation by situation: what a jurist or a coordinator can read and agree with or not.

Unless a line says otherwise: the child is 10 or as told, mother and father have the responsibility together, PPT asks
for health information on 1 May 2026, consents were given on 1 April and last the year, and the edition lets a young
person decide from 16, for school information from 15.
"""

from dataclasses import dataclass
from datetime import datetime

from cases.consent_rules import (
    Because,
    ChildFacts,
    ConsentFacts,
    GuardianFacts,
    LackOfCapacity,
    PartialWithdrawal,
    PartyKind,
    Reservation,
    StatutoryBasis,
    turns_at,
)
from tests.consent.family import (
    ASKED,
    BARNEVERN,
    BOTH,
    FAR,
    MOR,
    TANTE,
    TODAY,
    UNG,
    VERGE,
    aged,
    at,
    between,
    duty,
    father,
    lacking,
    mother,
    no,
    proxy,
    yes,
)

TEN = aged(10)


@dataclass(frozen=True)
class Situation:
    """One line of the table."""

    told: str
    because: Because
    consents: tuple[ConsentFacts, ...] = ()
    child: ChildFacts = TEN
    guardians: tuple[GuardianFacts, ...] = BOTH
    service: str = "ppt"
    category: str = "helse"
    when: datetime = TODAY
    withheld: bool = False
    statutory: tuple[StatutoryBasis, ...] = ()


S, B = Situation, Because
ALLOWED = {B.GUARDIANS, B.ONE_GUARDIAN, B.YOUTH, B.ADULT, B.BARNEVERN, B.VERGE, B.NEXT_OF_KIN, B.STATUTORY}
ALONE = {"one_guardian_reason": "Far er på sjøen og kan ikke nås før i juni."}
SIXTEEN = ChildFacts(birth_date=at(2010, 5, 1).date())
EIGHTEEN = ChildFacts(birth_date=at(2008, 5, 1).date())
VERGE_FOR_HEALTH = (proxy(PartyKind.VERGE, "helse"),)
AUNT = (proxy(PartyKind.NEXT_OF_KIN),)
WISH = (Reservation(at(2026, 4, 15), frozenset({"ppt"}), frozenset({"helse"})),)

SITUATIONS = [
    # Foreldrene
    S("Ingen er spurt", B.NO_CONSENT),
    S("Begge foreldre har samtykket sammen", B.GUARDIANS, (yes(MOR, FAR),)),
    S("Begge foreldre har samtykket hver for seg", B.GUARDIANS, (yes(MOR), yes(FAR))),
    S("Bare mor har samtykket", B.SECOND_GUARDIAN_MISSING, (yes(MOR),)),
    S("Bare mor har samtykket, med begrunnelse for at én er nok", B.ONE_GUARDIAN, (yes(MOR, **ALONE),)),
    S("Begrunnelsen er bare mellomrom", B.SECOND_GUARDIAN_MISSING, (yes(MOR, one_guardian_reason="  "),)),
    S("Mor har foreldreansvaret alene", B.GUARDIANS, (yes(MOR),), guardians=(mother(),)),
    S(
        "Mor har foreldreansvaret alene, og bare far samtykker",
        B.NOT_ENTITLED,
        (yes(FAR),),
        guardians=(mother(), father(parental_responsibility=False)),
    ),
    S(
        "Far har daglig omsorg, men ikke foreldreansvar, og samtykker alene",
        B.NOT_ENTITLED,
        (yes(FAR),),
        guardians=(mother(daily_care=False), father(parental_responsibility=False, daily_care=True)),
    ),
    S(
        "Mor uten daglig omsorg må også samtykke når ansvaret er delt",
        B.SECOND_GUARDIAN_MISSING,
        (yes(FAR),),
        guardians=(mother(daily_care=False), father(daily_care=True)),
    ),
    S("Ingen med foreldreansvar er registrert", B.NOBODY_CAN_CONSENT, (yes(MOR),), guardians=()),
    S("Mor sier ja med begrunnelse, far sier nei", B.REFUSED, (yes(MOR, **ALONE), no(FAR))),
    S("Begge sier nei", B.REFUSED, (no(MOR, FAR),)),
    S(
        "Far sier nei bare til PPT, skolen spør",
        B.GUARDIANS,
        (
            yes(MOR, FAR, services=frozenset({"ppt", "skolen"})),
            no(FAR, services=frozenset({"ppt"}), decided_at=at(2026, 4, 10)),
        ),
        service="skolen",
    ),
    S("Far sa nei i april og ja to uker etter", B.GUARDIANS, (yes(MOR), no(FAR), yes(FAR, decided_at=at(2026, 4, 15)))),
    S("Far sa ja i april og nei to uker etter", B.REFUSED, (yes(MOR), yes(FAR), no(FAR, decided_at=at(2026, 4, 15)))),
    S("Ja og nei er ført i samme øyeblikk: nei gjelder", B.REFUSED, (yes(MOR, FAR), no(FAR))),
    S(
        "Fars nei er trukket, men han har ikke sagt ja etterpå",
        B.SECOND_GUARDIAN_MISSING,
        (yes(MOR, FAR), no(FAR, decided_at=at(2026, 4, 5), withdrawn_at=at(2026, 4, 9))),
    ),
    # Den ene er en trussel
    S(
        "Far er sperret, mor samtykker uten begrunnelse",
        B.SECOND_GUARDIAN_MISSING,
        (yes(MOR),),
        guardians=(mother(), father(blocked=True)),
    ),
    S(
        "Far er sperret, mor samtykker med begrunnelse",
        B.ONE_GUARDIAN,
        (yes(MOR, **ALONE),),
        guardians=(mother(), father(blocked=True)),
    ),
    S(
        "Far er sperret og sier nei, mor har samtykket med begrunnelse",
        B.ONE_GUARDIAN,
        (yes(MOR, **ALONE), no(FAR)),
        guardians=(mother(), father(blocked=True)),
    ),
    S(
        "Bare den sperrede far samtykker, med begrunnelse",
        B.SECOND_GUARDIAN_MISSING,
        (yes(FAR, **ALONE),),
        guardians=(mother(), father(blocked=True)),
    ),
    # Hva samtykket omfatter, og når
    S("Samtykket nevner ikke tjenesten", B.NO_CONSENT, (yes(MOR, FAR),), service="fastlegen"),
    S("Samtykket nevner ikke kategorien", B.NO_CONSENT, (yes(MOR, FAR),), category="barnevern"),
    S("Samtykket har gått ut", B.EXPIRED, (yes(MOR, FAR, valid_until=at(2026, 4, 30)),)),
    S("Samtykket går ut i dette sekund", B.EXPIRED, (yes(MOR, FAR, valid_until=TODAY),)),
    S("Samtykket går ut om ett sekund", B.GUARDIANS, (yes(MOR, FAR, valid_until=at(2026, 5, 1, 12, 0, 1)),)),
    S("Samtykket begynner i morgen", B.NOT_YET_VALID, (yes(MOR, FAR, valid_from=at(2026, 5, 2)),)),
    S("Samtykket begynner i dette sekund", B.GUARDIANS, (yes(MOR, FAR, valid_from=TODAY),)),
    S(
        "Fornyet før det gikk ut: ingen dag uten",
        B.GUARDIANS,
        (
            yes(MOR, FAR, id="gammelt", valid_until=at(2026, 5, 10)),
            yes(MOR, FAR, id="nytt", valid_from=at(2026, 5, 10)),
        ),
    ),
    S(
        "Mors samtykke har gått ut, fars gjelder",
        B.SECOND_GUARDIAN_MISSING,
        (yes(MOR, valid_until=at(2026, 4, 20)), yes(FAR)),
    ),
    S(
        "Samtykke som først blir gitt i morgen, teller ikke i dag",
        B.NO_CONSENT,
        (yes(MOR, FAR, decided_at=at(2026, 5, 2)),),
    ),
    # Trukket tilbake
    S("Samtykket er trukket i dette sekund", B.WITHDRAWN, (yes(MOR, FAR, withdrawn_at=TODAY),)),
    S("Samtykket blir trukket om ett sekund", B.GUARDIANS, (yes(MOR, FAR, withdrawn_at=at(2026, 5, 1, 12, 0, 1)),)),
    S(
        "Far trekker sitt, mors med begrunnelse står",
        B.WITHDRAWN,
        (yes(MOR, **ALONE), yes(FAR, withdrawn_at=at(2026, 4, 20))),
    ),
    S(
        "Det nye er trukket: det gamle kommer ikke tilbake",
        B.WITHDRAWN,
        (
            yes(MOR, FAR, id="gammelt"),
            yes(MOR, FAR, id="nytt", decided_at=at(2026, 4, 10), withdrawn_at=at(2026, 4, 20)),
        ),
    ),
    S(
        "Trukket, og gitt på nytt",
        B.GUARDIANS,
        (
            yes(MOR, FAR, id="gammelt", withdrawn_at=at(2026, 4, 10)),
            yes(MOR, FAR, id="nytt", decided_at=at(2026, 4, 20)),
        ),
    ),
    S(
        "Trukket for PPT, PPT spør",
        B.WITHDRAWN,
        (yes(MOR, FAR, partial_withdrawals=(PartialWithdrawal(at(2026, 4, 9), frozenset({"ppt"})),)),),
    ),
    S(
        "Trukket for PPT, skolen spør",
        B.GUARDIANS,
        (yes(MOR, FAR, partial_withdrawals=(PartialWithdrawal(at(2026, 4, 9), frozenset({"ppt"})),)),),
        service="skolen",
    ),
    S(
        "Helse trukket for skolen, skolen spør om skole",
        B.GUARDIANS,
        (
            yes(
                MOR,
                FAR,
                partial_withdrawals=(PartialWithdrawal(at(2026, 4, 9), frozenset({"skolen"}), frozenset({"helse"})),),
            ),
        ),
        service="skolen",
        category="skole",
    ),
    S(
        "Helse trukket for alle",
        B.WITHDRAWN,
        (yes(MOR, FAR, partial_withdrawals=(PartialWithdrawal(at(2026, 4, 9), None, frozenset({"helse"})),)),),
    ),
    # Bursdager
    S(
        "Sekundet før 16-årsdagen gjelder foreldrenes samtykke",
        B.GUARDIANS,
        (yes(MOR, FAR),),
        child=SIXTEEN,
        when=at(2026, 4, 30, 23, 59, 59),
    ),
    S(
        "Fra midnatt på 16-årsdagen gjelder det ikke lenger",
        B.YOUTH_MUST_DECIDE,
        (yes(MOR, FAR),),
        child=SIXTEEN,
        when=at(2026, 5, 1, 0),
    ),
    S("Den unge på 16 samtykker selv", B.YOUTH, (yes(UNG),), child=aged(16)),
    S("Den unge på 16 sier nei, foreldrene ja", B.REFUSED, (yes(MOR, FAR), no(UNG)), child=aged(16)),
    S("Den unge på 16 samtykker, foreldrene sier nei", B.YOUTH, (yes(UNG), no(MOR, FAR)), child=aged(16)),
    S("Den unge på 15 samtykker alene til helse", B.NOT_ENTITLED, (yes(UNG),), child=aged(15)),
    S("Den unge på 15 samtykker alene til skole", B.YOUTH, (yes(UNG),), child=aged(15), category="skole"),
    S(
        "Foreldrene samtykker til skole for en på 15",
        B.YOUTH_MUST_DECIDE,
        (yes(MOR, FAR),),
        child=aged(15),
        category="skole",
    ),
    S(
        "Signert på forhånd med virkning fra 16-årsdagen",
        B.YOUTH,
        (yes(UNG, valid_from=turns_at(at(2010, 5, 1).date(), 16)),),
        child=SIXTEEN,
        when=at(2026, 5, 1, 0),
    ),
    S("Gitt som 15-åring uten virkning fra bursdagen", B.YOUTH_MUST_DECIDE, (yes(UNG),), child=SIXTEEN),
    S(
        "Signert på forhånd, og angret før 16-årsdagen",
        B.REFUSED,
        (yes(UNG, valid_from=at(2026, 5, 1, 0)), no(UNG, decided_at=at(2026, 4, 20))),
        child=SIXTEEN,
    ),
    S("Myndig på 18 gjelder den unges eget samtykke videre", B.ADULT, (yes(UNG),), child=EIGHTEEN),
    S(
        "Født 29. februar fyller 15 den 1. mars",
        B.GUARDIANS,
        (yes(MOR, FAR, decided_at=at(2027, 1, 2), valid_until=None),),
        child=ChildFacts(birth_date=at(2012, 2, 29).date()),
        category="skole",
        when=at(2027, 2, 28, 23, 59, 59),
    ),
    S("Ufødt barn: de som skal ha foreldreansvar, samtykker", B.GUARDIANS, (yes(MOR, FAR),), child=ChildFacts(None)),
    S("Ufødt barn uten samtykke", B.NO_CONSENT, child=ChildFacts(None)),
    # Barnets ønske
    S(
        "På 13 har barnet reservert seg, foreldrene samtykker",
        B.RESERVED_BY_CHILD,
        (yes(MOR, FAR),),
        child=aged(13, reservations=WISH),
    ),
    S("På 11 virker ønsket ikke ennå", B.GUARDIANS, (yes(MOR, FAR),), child=aged(11, reservations=WISH)),
    S(
        "Reservasjonen gjelder PPT, skolen spør",
        B.GUARDIANS,
        (yes(MOR, FAR),),
        child=aged(13, reservations=WISH),
        service="skolen",
    ),
    S(
        "Reservasjonen er trukket",
        B.GUARDIANS,
        (yes(MOR, FAR),),
        child=aged(13, reservations=(Reservation(at(2026, 4, 15), withdrawn_at=at(2026, 4, 30)),)),
    ),
    S("På 12 er akkurat dette merket av barnet", B.RESERVED_BY_CHILD, (yes(MOR, FAR),), child=aged(12), withheld=True),
    S("På 11 har merket ingen virkning", B.GUARDIANS, (yes(MOR, FAR),), child=aged(11), withheld=True),
    S(
        "På 16 samtykker den unge etter sin egen reservasjon",
        B.YOUTH,
        (yes(UNG, decided_at=at(2026, 4, 20)),),
        child=aged(16, reservations=WISH),
    ),
    S(
        "På 16 står en nyere reservasjon over eget samtykke",
        B.RESERVED_BY_CHILD,
        (yes(UNG),),
        child=aged(16, reservations=WISH),
    ),
    # Barnevernet
    S(
        "Omsorgen er overtatt, barnevernet samtykker",
        B.BARNEVERN,
        (yes(BARNEVERN),),
        child=aged(10, care_taken_over=True),
    ),
    S(
        "Omsorgen er overtatt, bare foreldrene har samtykket",
        B.NOT_ENTITLED,
        (yes(MOR, FAR),),
        child=aged(10, care_taken_over=True),
    ),
    S(
        "Omsorgen er overtatt, foreldrene sier nei",
        B.BARNEVERN,
        (yes(BARNEVERN), no(MOR, FAR)),
        child=aged(10, care_taken_over=True),
    ),
    S("Barnevernet samtykker uten å ha overtatt omsorgen", B.NOT_ENTITLED, (yes(BARNEVERN),)),
    S(
        "Omsorgen er overtatt, den unge på 16 bestemmer selv",
        B.YOUTH_MUST_DECIDE,
        (yes(BARNEVERN),),
        child=aged(16, care_taken_over=True),
    ),
    # Uten samtykkekompetanse, verge og pårørende
    S(
        "På 17 uten samtykkekompetanse: foreldrene",
        B.GUARDIANS,
        (yes(MOR, FAR),),
        child=aged(17, lacks_capacity=lacking()),
    ),
    S(
        "På 17 uten samtykkekompetanse: eget ja er ikke nok",
        B.NOT_ENTITLED,
        (yes(UNG),),
        child=aged(17, lacks_capacity=lacking()),
    ),
    S(
        "På 17 uten samtykkekompetanse for helse, spørsmål om skole",
        B.YOUTH,
        (yes(UNG),),
        child=aged(17, lacks_capacity=lacking("helse")),
        category="skole",
    ),
    S(
        "På 17, vurderingen kommer først i juni",
        B.YOUTH_MUST_DECIDE,
        (yes(MOR, FAR),),
        child=aged(17, lacks_capacity=LackOfCapacity("lege", at(2026, 6, 1))),
    ),
    S(
        "På 17 uten kompetanse, omsorgen overtatt",
        B.BARNEVERN,
        (yes(BARNEVERN),),
        child=aged(17, lacks_capacity=lacking(), care_taken_over=True),
    ),
    S(
        "På 19 uten kompetanse: vergen innenfor mandatet",
        B.VERGE,
        (yes(VERGE),),
        child=aged(19, lacks_capacity=lacking(), proxies=VERGE_FOR_HEALTH),
    ),
    S(
        "På 19 uten kompetanse: utenfor vergens mandat, og ingen pårørende",
        B.NOBODY_CAN_CONSENT,
        (yes(VERGE),),
        child=aged(19, lacks_capacity=lacking(), proxies=VERGE_FOR_HEALTH),
        category="skole",
    ),
    S(
        "På 19 uten kompetanse: utenfor mandatet bestemmer pårørende",
        B.NEXT_OF_KIN,
        (yes(TANTE),),
        child=aged(19, lacks_capacity=lacking(), proxies=VERGE_FOR_HEALTH + AUNT),
        category="skole",
    ),
    S(
        "På 19 uten kompetanse: vergen går foran pårørende",
        B.NOT_ENTITLED,
        (yes(TANTE),),
        child=aged(19, lacks_capacity=lacking(), proxies=VERGE_FOR_HEALTH + AUNT),
    ),
    S(
        "På 19 uten kompetanse: foreldreansvaret er slutt",
        B.NOBODY_CAN_CONSENT,
        (yes(MOR, FAR),),
        child=aged(19, lacks_capacity=lacking()),
    ),
    S(
        "På 19 med kompetanse bestemmer ikke vergen",
        B.YOUTH_MUST_DECIDE,
        (yes(VERGE),),
        child=aged(19, proxies=VERGE_FOR_HEALTH),
    ),
    S(
        "Enslig mindreårig: vergen bestemmer",
        B.VERGE,
        (yes(VERGE),),
        child=aged(14, proxies=VERGE_FOR_HEALTH),
        guardians=(),
    ),
    S(
        "Vergens mandat har gått ut",
        B.NOBODY_CAN_CONSENT,
        (yes(VERGE),),
        child=aged(19, lacks_capacity=lacking(), proxies=(proxy(PartyKind.VERGE, valid_until=TODAY),)),
    ),
    # Annet grunnlag enn samtykke
    S("Meldeplikt åpner for barnevernet", B.STATUTORY, service="barnevern", statutory=(duty(),)),
    S("Meldeplikt går foran foreldrenes nei", B.STATUTORY, (no(MOR, FAR),), service="barnevern", statutory=(duty(),)),
    S(
        "Meldeplikt går foran barnets reservasjon",
        B.STATUTORY,
        (yes(MOR, FAR, services=frozenset({"barnevern"})),),
        child=aged(13, reservations=(Reservation(ASKED),)),
        service="barnevern",
        statutory=(duty(),),
    ),
    S("Meldeplikt åpner ikke for andre tjenester", B.NO_CONSENT, statutory=(duty(),)),
    S(
        "Meldeplikt åpner ikke andre kategorier",
        B.NO_CONSENT,
        service="barnevern",
        category="skole",
        statutory=(duty(),),
    ),
    S(
        "Samarbeidende helsepersonell åpner når ingen sier nei",
        B.STATUTORY,
        service="legen",
        statutory=(between(),),
    ),
    S(
        "Samarbeidende helsepersonell viker for én forelders nei",
        B.REFUSED,
        (no(FAR), yes(MOR, services=frozenset({"legen"}))),
        service="legen",
        statutory=(between(),),
    ),
    S(
        "Samarbeidende helsepersonell viker for et samtykke som er trukket",
        B.WITHDRAWN,
        (yes(MOR, FAR, services=frozenset({"legen"}), withdrawn_at=at(2026, 4, 25)),),
        service="legen",
        statutory=(between(),),
    ),
    S(
        "Samarbeidende helsepersonell viker for barnets ønske, også når ingen har samtykket",
        B.NO_CONSENT,
        child=aged(13, reservations=(Reservation(ASKED),)),
        service="legen",
        statutory=(between(),),
    ),
    S(
        "Samarbeidende helsepersonell viker for et nei også når ingen kan samtykke",
        B.NOBODY_CAN_CONSENT,
        (no(MOR),),
        service="legen",
        guardians=(),
        statutory=(between(),),
    ),
    S(
        "Et nei som ikke gjelder lenger, stopper ikke samarbeidende helsepersonell",
        B.STATUTORY,
        (no(MOR, withdrawn_at=at(2026, 4, 25)),),
        service="legen",
        statutory=(between(),),
    ),
    S("Grunnlaget gjelder ikke lenger", B.NO_CONSENT, service="barnevern", statutory=(duty(valid_until=TODAY),)),
    S(
        "Er det samtykket, er samtykket grunnlaget",
        B.GUARDIANS,
        (yes(MOR, FAR, services=frozenset({"barnevern"})),),
        service="barnevern",
        statutory=(duty(),),
    ),
]
