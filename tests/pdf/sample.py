"""Snapshots for the document's tests: an ordinary one, one with forty contributions, and one where all is missing.

Every person, number and place that could be a person's is invented; national numbers are synthetic (month + 80).
"""

from __future__ import annotations

from typing import Any

SAMI = "Čohkkán ŋuohta: đ ŧ š ž á. Åarjelsaemien: ïedtje, göökte, gïele."
ARABIC = "ابنتي لا تنام جيدا منذ ستة أشهر وتخاف من المدرسة."
CYRILLIC = "Дівчинка погано спить і боїться ходити до школи. Её тревожат громкие звуки."
NORWEGIAN = (
    "Eleven har vært borte fra skolen 34 av 60 dager siden høstferien. Hun sier at magen gjør vondt om morgenen, og at "
    "det er for mye lyd i klassen. Tilpasset timeplan og en fast voksen har hjulpet noe, men fraværet øker igjen."
)


def person(name: str = "Berit Solbakken", title: str = "rådgiver", service: str = "Fjellvang skole") -> dict[str, Any]:
    return {
        "name": name,
        "title": title,
        "service": service,
        "organisation": "Steinkjer kommune",
        "phone": "74 16 90 00",
        "email": "postmottak@kommune.example",
    }


def contribution(number: int, service: str, text: str, lang: str = "") -> dict[str, Any]:
    return {
        "service": service,
        "organisation": "Steinkjer kommune",
        "author": f"Medarbeider {number}",
        "role": "kontaktlærer",
        "date": "2026-02-12",
        "lang": lang,
        "sealed": False,
        "hidden": False,
        "sections": [
            {"heading": "Det vi ser", "text": f"Bidrag nummer {number} begynner her.\n\n{text}\n\n{NORWEGIAN}"},
            {"heading": "Det vi har prøvd", "text": f"{NORWEGIAN}\nBidrag nummer {number} slutter her."},
        ],
    }


def sample() -> dict[str, Any]:
    """An ordinary referral with everything in it."""
    return {
        "schema": 1,
        "lang": "nb",
        "status": "sent",
        "reference": "NT-2026-004217-K",
        "version": 2,
        "created": "2026-03-04T09:14:22.120000+01:00",
        "community": {
            "name": "Helsefellesskapet nordre Trøndelag",
            "portal": "Samhandlingsportalen",
            "guideline": "Retningslinje 7",
            "edition": "2026.1",
            "edition_sha256": "4be1" * 16,
        },
        "to": {"department": "BUP Levanger", "organisation": "Helse Nord-Trøndelag HF", "redirected_from": ""},
        "sender": {
            "name": "Ola Fjellheim",
            "title": "lege",
            "hpr": "9999999",
            "service": "Byfjellet legesenter",
            "organisation": "Steinkjer kommune",
            "at": "2026-03-04T09:14:00+01:00",
        },
        "referring": {**person("", ""), "service": "Familiens hus"},
        "case_holder": person(),
        "child": {
            "name": "Ánná Lïnnéa Bäckström-Østensen",
            "unborn": False,
            "birth_date": "2016-05-19",
            "due_date": None,
            "age": "9 år",
            "national_number": "19851691234",
            "protection": "",
            "interpreter": {"language": "arabisk", "dialect": "levantinsk"},
            "address": "Fjellveien 12, 7713 Steinkjer",
            "phone": "",
            "municipality": "Steinkjer",
            "school": "Fjellvang skole, 4. trinn",
            "gp": "Ola Fjellheim, Byfjellet legesenter",
            "siblings": "En bror på 14 år",
        },
        "guardians": [
            {
                "name": "Layla Bäckström (ليلى)",
                "relation": "mor",
                "parental_responsibility": "yes",
                "daily_care": "yes",
                "consented": "yes",
                "interpreter": "arabisk",
                "contact": {"phone": "900 00 001", "email": "", "address": "Fjellveien 12, 7713 Steinkjer"},
                "contact_hidden": False,
            },
            {
                "name": "Jon Østensen",
                "relation": "far",
                "parental_responsibility": "yes",
                "daily_care": "no",
                "consented": "unknown",
                "interpreter": "",
                "contact": None,
                "contact_hidden": True,
            },
        ],
        "facts": {
            "parental_responsibility": "Delt mellom mor og far",
            "daily_care": "Mor, samvær hver andre helg",
            "consented_by": "Mor",
            "child_protection": "Undersøkelse avsluttet i 2024, ingen tiltak nå",
        },
        "consents": [
            {
                "by": "Layla Bäckström (mor)",
                "to": ["Fjellvang skole", "PPT Inn-Trøndelag", "BUP Levanger"],
                "categories": ["helse", "skole"],
                "valid_from": "2026-01-12",
                "valid_until": "2027-01-12",
                "how": "skriftlig, med tolk",
                "status": "given",
                "note": "",
            }
        ],
        "consent_missing": {
            "reason": "Far er ikke nådd etter tre forsøk.",
            "basis": "Én foresatt har samtykket, begrunnet unntak",
            "by": "Ola Fjellheim",
            "at": "2026-03-02",
        },
        "urgency": {"label": "Ordinær", "text": "Fraværet har økt de siste to månedene."},
        "emergency": {
            "assessed": True,
            "needed": False,
            "by": "Ola Fjellheim",
            "at": "2026-03-04T08:50:00+01:00",
            "called": "",
            "called_at": None,
            "note": "",
        },
        "worry": "Uro i kroppen hver morgen, og fravær siden høstferien.",
        "questions": "Er det grunnlag for utredning av angst?\nHvordan bør skolen legge til rette imens?",
        "insufficient": NORWEGIAN,
        "overall": {
            "text": f"{NORWEGIAN}\n\n{NORWEGIAN}",
            "by": "Ola Fjellheim, lege",
            "at": "2026-03-04T09:10:00+01:00",
        },
        "gp": {
            "sections": [
                {"heading": "Somatisk status", "text": "Normal vekst. Syn og hørsel undersøkt uten funn."},
                {"heading": "Vurdering", "text": NORWEGIAN},
            ],
            "by": "Ola Fjellheim, fastlege",
            "source": "Skrevet i portalen",
            "date": "2026-03-04",
        },
        "gp_missing": None,
        "contributions": [
            contribution(1, "Fjellvang skole", SAMI),
            contribution(2, "PPT Inn-Trøndelag", CYRILLIC),
            contribution(3, "Helsestasjonen", ARABIC),
        ],
        "declined": [
            {
                "service": "Barneverntjenesten",
                "organisation": "Steinkjer kommune",
                "reason": "Ikke noe nytt",
                "text": "",
                "date": "2026-02-20",
            }
        ],
        "pending": [{"service": "NAV Steinkjer", "organisation": "", "asked": "2026-02-10", "due": "2026-02-24"}],
        "concerns": [
            {
                "text": "Sitter alene i friminuttene og svarer sjelden når noen snakker til henne.",
                "how_long": "siden høstferien",
                "earlier": "",
                "by": "Kontaktlærer, skolen",
                "date": "2026-01-12",
            }
        ],
        "measures": [
            {
                "title": "Fast voksen ved skolestart",
                "service": "Fjellvang skole",
                "started": "2025-09-01",
                "ended": "2025-12-19",
                "effect": "Noe lavere fravær de første ukene",
            },
            {
                "title": "Foreldreveiledning",
                "service": "Helsestasjonen",
                "started": "2025-10-06",
                "ended": None,
                "effect": "",
            },
        ],
        "levels": [
            {"label": "Nivå 1", "date": "2025-09-01", "reason": "Økende fravær", "by": "Berit Solbakken"},
            {"label": "Nivå 2", "date": "2025-11-10", "reason": "Flere tjenester trengs", "by": "Berit Solbakken"},
        ],
        "child_voices": [
            {
                "text": "Jeg vil at det skal være stille når jeg kommer.\nOg at noen vet at jeg er der.",
                "lang": "",
                "how": "Samtale på skolen, skrevet ned og lest opp for barnet",
                "by": "Maja Lund, helsesykepleier",
                "date": "2026-02-18",
            }
        ],
        "child_voice_missing": "",
        "consultations": [
            {
                "department": "BUP Levanger",
                "asked": "2026-01-20",
                "asked_by": "Berit Solbakken",
                "question": "Bør vi henvise nå, eller prøve mer først?",
                "answered": "2026-01-26",
                "answered_by": "Inntaksteamet",
                "answer": "Henvis",
                "text": "Ta med kartlegging av søvn.",
                "channel": "telefon",
            }
        ],
        "attachments": [
            {
                "name": "Pedagogisk rapport.pdf",
                "kind": "PDF",
                "service": "Fjellvang skole",
                "date": "2026-02-01",
                "pages": 6,
                "size": 1_240_000,
                "sha256": "9f2c" * 16,
                "embedded": False,
            }
        ],
        "gaps": [
            {
                "label": "Sammendrag fra helsestasjon",
                "reason": "Journalen er bestilt fra Verdal.",
                "owner": "Helsestasjonen",
            }
        ],
        "copies": [{"name": "Layla Bäckström", "why": "foresatt"}, {"name": "Ola Fjellheim", "why": "fastlege"}],
        "versions": [
            {"version": 1, "at": "2026-03-01T10:02:00+01:00", "by": "Ola Fjellheim", "summary": ""},
            {"version": 2, "at": "2026-03-04T09:14:00+01:00", "by": "Ola Fjellheim", "summary": "PPTs bidrag lagt til"},
        ],
        "channel": "Henvisning i journalsystemet, med dette dokumentet som vedlegg",
    }


def guarded() -> dict[str, Any]:
    """A protected child whose family does not know, a father who must see nothing, and measures told whole."""
    mother, father = sample()["guardians"]
    measure = {
        **sample()["measures"][0],
        "text": "Skolen møtte Ánná ved porten hver morgen.\n\nTo voksne delte på det.",
        "state": "stopped",
        "by": "Berit Solbakken, Fjellvang skole",
        "date": "2025-09-01",
        "evaluated_by": "Berit Solbakken",
        "evaluated": "2025-11-03",
        "stopped": "Den faste voksne sluttet",
    }
    words = sample()["child_voices"][0]
    return {
        **sample(),
        "schema": 2,
        "copies_by": "referrer",
        "hidden": [],
        "child": {
            **sample()["child"],
            "protection": "Fortrolig adresse (kode 7)",
            "municipality": "",
            "school": "",
            "gp": "",
        },
        "guardians": [
            {**mother, "contact": {"phone": "900 00 001", "email": "", "address": ""}, "contact_private": True},
            {**father, "blocked": True},
        ],
        "family": {
            "informed": "no",
            "date": None,
            "reason": "Mistanke om vold. Barnet har fortalt om slag.",
            "blocked": ["Jon Østensen"],
        },
        "measures": [
            measure,
            {**measure, "title": "Leksehjelp", "effect": "", "evaluated": None, "stopped": "Flyttet"},
        ],
        "child_voices": [{**words, "speaker": "child"}, {**words, "speaker": "family", "text": "Vi er slitne."}],
        "family_voice_missing": "",
    }


def big(number: int = 40) -> dict[str, Any]:
    """A child known to many services, writing in the languages of the place."""
    texts = (NORWEGIAN, SAMI, CYRILLIC, ARABIC)
    contributions = [
        contribution(n, f"Tjeneste {n} i kommunen", "\n\n".join([texts[n % 4], NORWEGIAN, NORWEGIAN]))
        for n in range(1, number + 1)
    ]
    measures = [
        {
            "title": f"Tiltak {n}",
            "service": "Fjellvang skole",
            "started": "2025-09-01",
            "ended": None,
            "effect": NORWEGIAN,
        }
        for n in range(1, 31)
    ]
    return {**sample(), "contributions": contributions, "measures": measures}


def empty() -> dict[str, Any]:
    """A draft where nothing is written yet."""
    contact = dict.fromkeys(("name", "title", "service", "organisation", "phone", "email"), "")
    return {
        **sample(),
        "status": "draft",
        "to": {"department": "HABU", "organisation": "", "redirected_from": "Barneavdelingen"},
        "sender": None,
        "referring": contact,
        "case_holder": None,
        "child": {
            **dict.fromkeys(
                (
                    "name",
                    "age",
                    "national_number",
                    "protection",
                    "address",
                    "phone",
                    "municipality",
                    "school",
                    "gp",
                    "siblings",
                ),
                "",
            ),
            "unborn": True,
            "birth_date": None,
            "due_date": None,
            "interpreter": None,
        },
        "guardians": [],
        "facts": dict.fromkeys(("parental_responsibility", "daily_care", "consented_by", "child_protection"), ""),
        "consent_missing": None,
        "urgency": {"label": "", "text": ""},
        "emergency": {
            **dict.fromkeys(("by", "called", "note"), ""),
            "assessed": False,
            "needed": None,
            "at": None,
            "called_at": None,
        },
        "worry": "",
        "questions": "",
        "insufficient": "",
        "overall": None,
        "gp": None,
        "channel": "",
        **{
            key: []
            for key in (
                *("consents", "contributions", "declined", "pending", "concerns", "measures", "levels", "child_voices"),
                *("consultations", "attachments", "gaps", "copies", "versions"),
            )
        },
    }
