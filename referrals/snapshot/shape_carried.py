"""The shape of what a snapshot carries in from the case; each row says whose it is."""

from typing import Literal, NotRequired, TypedDict


class Whose(TypedDict):
    service_id: str
    category: str  # of cases.models.Category


class Measure(Whose):  # older ones have title, service, started, ended and effect alone
    title: str
    text: str  # what was done
    state: Literal["planned", "ongoing", "evaluated", "stopped"]
    by: str  # who wrote it
    date: str  # when it was written
    evaluated_by: str
    evaluated: str | None  # date
    stopped: str  # why it was stopped; "" unless it was
    service: str
    started: str | None  # date
    ended: str | None  # date; None = still going
    effect: str  # "" → "Ikke evaluert"
    reserved: NotRequired[str]  # that guardians are not to know of it


class Level(Whose):
    label: str  # "Nivå 2"
    date: str
    reason: str
    by: str


class Concern(Whose):
    text: str
    how_long: str
    earlier: str
    by: str
    date: str


class ChildVoice(Whose):
    text: str  # verbatim
    speaker: Literal["child", "family"]  # absent in older ones: either
    lang: str  # "" or BCP 47
    reserved: NotRequired[str]  # that guardians are not to know of it
    how: str  # "Samtale på skolen, skrevet ned av helsesykepleier og lest opp for barnet"
    by: str
    date: str


class Consultation(Whose):
    department: str
    asked: str  # date
    asked_by: str
    question: str
    answered: str | None  # date
    answered_by: str
    answer: str  # label: "Henvis", "Kommunale tiltak er nok" …
    text: str
    channel: str  # "telefon" … or ""
