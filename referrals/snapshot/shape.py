"""The shape of a snapshot: one plain dict that feeds the PDF, the page and the plain text alike.

Schema 2 says of every row whose it is and what it is about (``Whose``), names what is ``hidden`` from the reader, and
what the sender ``sees``. Schema 1 had this for contributions and attachments alone; it still renders.
"""

from typing import Literal, NotRequired, TypedDict

from referrals.snapshot.shape_carried import ChildVoice, Concern, Consultation, Level, Measure, Whose

YesNo = Literal["yes", "no", "unknown"]


class Contact(TypedDict):
    phone: str
    email: str
    address: str


class Person(TypedDict):
    name: str
    title: str  # "lege", "helsesykepleier", "rådgiver" …; "" if none
    service: str  # "Steinkjer legesenter"
    organisation: str  # "Steinkjer kommune"
    phone: str
    email: str


class Community(TypedDict):
    name: str  # "Helsefellesskapet nordre Trøndelag"
    portal: str  # "Samhandlingsportalen"
    guideline: str  # "Retningslinje 7"
    edition: str  # "2026.1"
    edition_sha256: str


class Receiver(TypedDict):
    department: str  # "BUP Levanger"
    organisation: str  # "Helse Nord-Trøndelag HF"
    redirected_from: str  # "" or the first department


class Sender(TypedDict):
    name: str
    title: str  # entitled as: "lege" | "psykolog" | "barnevernsleder" (text)
    hpr: str  # "" if none
    service: str
    organisation: str
    at: str  # datetime finalised
    service_id: str
    sees: list[str]  # categories that the sender's service could read when it was sent


class Interpreter(TypedDict):
    language: str  # "arabisk"
    dialect: str


class Child(TypedDict):
    name: str  # "" → "Ufødt barn"/"Navn ikke oppgitt"
    unborn: bool
    birth_date: str | None  # date
    due_date: str | None  # date, unborn
    age: str  # "9 år" at the time of freezing; ""
    national_number: str  # 11 digits or ""
    protection: str  # "" or finished text, e.g. "Fortrolig adresse (kode 7)"
    interpreter: Interpreter | None
    address: str
    phone: str
    municipality: str
    school: str  # school or kindergarten
    gp: str
    siblings: str


class Guardian(TypedDict):
    id: str
    name: str
    relation: str  # "mor"
    parental_responsibility: YesNo
    daily_care: YesNo
    consented: YesNo  # unknown = not asked
    interpreter: str  # language or ""
    contact: Contact | None
    contact_hidden: bool  # True → "Kontaktopplysninger er skjermet"
    contact_private: bool  # what is told here must not be told on, least of all to the other parent
    blocked: bool  # "Skal ikke ha innsyn"


class Family(Whose):
    informed: YesNo  # "no": the case is hidden from them for a reason; "unknown": nothing is recorded yet
    date: str | None  # date they were informed
    reason: str  # why not, for those who may read it
    blocked: list[str]  # guardians who must see nothing
    reserved: NotRequired[bool]  # there is something in the case that guardians are not to know of
    to_referrer_only: bool


class FourFacts(TypedDict):  # the four separate facts, as sentences; "" → "Ikke oppgitt"
    parental_responsibility: str
    daily_care: str
    consented_by: str
    child_protection: str


class Consent(TypedDict):
    by: str  # "Kari Nordmann (mor)"
    to: list[str]  # services
    categories: list[str]  # "helse", "skole" …
    valid_from: str | None  # date
    valid_until: str | None  # date
    how: str  # "skriftlig, underskrevet 3. mars 2026"
    status: Literal["given", "refused", "withdrawn", "expired"]
    note: str


class Waiver(TypedDict):  # why something is missing, and what one relies on instead
    reason: str
    basis: str  # legal basis as text, "pasient- og brukerrettighetsloven § …"
    by: str
    at: str | None  # date


class Urgency(TypedDict):
    label: str  # "Haster", "Ordinær"
    text: str  # why


class Emergency(Whose):
    assessed: bool
    needed: bool | None
    by: str
    at: str | None  # datetime
    called: str  # who called whom: "" unless needed
    called_at: str | None  # datetime
    note: str


class Section(TypedDict):
    heading: str  # "" allowed
    text: str


class Overall(Whose):
    text: str
    by: str
    at: str | None  # datetime


class GpAssessment(Whose):
    sections: list[Section]
    by: str  # "Ola Lege, fastlege"
    source: str  # "Skrevet i portalen" | "Mottatt på papir, registrert av …"
    date: str  # date


class Contribution(TypedDict):
    service: str  # "PPT Inn-Trøndelag"
    organisation: str
    author: str
    role: str
    date: str  # date submitted
    lang: str  # "" or BCP 47 when the text is not in the document's language
    sealed: bool
    hidden: bool  # a draft's reader may not see all of it
    sections: list[Section]


class Declined(Whose):
    service: str
    organisation: str
    reason: str  # "Kjenner ikke barnet" …
    text: str
    date: str


class Pending(TypedDict):  # asked, not answered when this was frozen
    service: str
    organisation: str
    asked: str  # date
    due: str | None  # date


class AttachmentRow(TypedDict):
    name: str
    kind: str  # "PDF", "Bilde (JPEG)"
    service: str
    date: str | None
    pages: int | None
    size: int  # bytes
    sha256: str  # full hex; printed short
    embedded: bool  # lies inside the PDF


class Gap(TypedDict):
    label: str
    reason: str  # "" → "Ingen begrunnelse er oppgitt"
    owner: str  # who owes it, or ""


class Copy(TypedDict):
    name: str
    why: str  # "fastlege", "foresatt"


class Version(TypedDict):
    version: int
    at: str  # datetime
    by: str
    summary: str


class Snapshot(TypedDict):
    schema: Literal[1, 2]
    lang: str  # "nb" | "nn" | "en"
    status: Literal["draft", "sent"]
    reference: str  # "NT-2026-004217-K"
    version: int
    created: str  # datetime this snapshot was made (the PDF's creation date → same bytes each time)
    community: Community
    to: Receiver
    sender: Sender | None  # None while draft
    referring: Person  # referring municipality/service (name may be "")
    case_holder: Person | None
    child: Child
    guardians: list[Guardian]
    family: Family  # absent before it was carried: then nothing is said of it
    facts: FourFacts
    consents: list[Consent]
    consent_missing: Waiver | None
    urgency: Urgency
    emergency: Emergency
    worry: str
    questions: str
    insufficient: str  # why municipal measures are not enough
    overall: Overall | None
    gp: GpAssessment | None
    gp_missing: Waiver | None
    contributions: list[Contribution]
    declined: list[Declined]
    pending: list[Pending]
    concerns: list[Concern]
    measures: list[Measure]
    levels: list[Level]
    child_voices: list[ChildVoice]
    child_voice_missing: str  # why the child's own words are not there
    family_voice_missing: str  # the same of the family
    voice_missing_whose: dict[str, Whose]  # whose these two reasons are
    consultations: list[Consultation]
    attachments: list[AttachmentRow]
    gaps: list[Gap]
    copies: list[Copy]
    # Who sees to the copies. Absent in what was made before it was told: there the list is of those who had a copy, the
    # holder too, and is printed in the words it had.
    copies_by: Literal["referrer"]
    versions: list[Version]
    channel: str  # how it really went: "" while unknown
    # Parts that exist and are not told to this reader, or not whole; "identity": national number and contact.
    hidden: list[str]
