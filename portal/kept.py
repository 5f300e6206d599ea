"""Text that must not be lost: kept on the server for its writer, never in the browser of a shared computer."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import PUT_BACK, field_labels, is_written
from portal.models import KeptText, User

# Secrets, what only the form itself needs, and what may be a national number or a person searched for.
NEVER_KEPT = {
    "csrfmiddlewaretoken", "password", "password1", "password2", "login", "oldpassword", "version", "next", "number",
    "q", "handling", "send", "code", "credential",
}  # fmt: skip
LONGEST = 300_000
# Hidden fields and choices carry ids; nobody typed them.
CODE = re.compile(r"\d+|[a-z0-9]+(_[a-z0-9]+)+")
IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Names that forms use with different labels.
COMMON = {
    "reason": gettext_lazy("Begrunnelse"),
    "note": gettext_lazy("Merknad"),
    "text": gettext_lazy("Tekst"),
    "what": gettext_lazy("Tekst"),
    "question": gettext_lazy("Spørsmål"),
    "answer": gettext_lazy("Svar"),
    "message": gettext_lazy("Melding"),
    "description": gettext_lazy("Beskrivelse"),
    "title": gettext_lazy("Tittel"),
    "name": gettext_lazy("Navn"),
}
# In the session while something waits, so that ordinary pages need no query to know that nothing does.
WAITING = "kept_waiting"
PUT_BACK_KEY = "hent"


@dataclass(frozen=True)
class Notice:
    """What a page tells of kept text: the texts of this very page, and how many wait elsewhere."""

    here: tuple[KeptText, ...]
    elsewhere: int
    # The text that this page has been opened with.
    put_back: str = ""


def keep(owner: User, path: str, fields: dict[str, Any], label: str = "") -> KeptText | None:
    """Keeps field texts of a form for its writer. Nothing is kept when every field is empty."""
    texts = {key: value for key, value in fields.items() if isinstance(value, str) and value.strip()}
    if not texts:
        return None
    return KeptText.objects.create(owner=owner, path=path[:300], label=label[:120], fields=texts, at=timezone.now())


def keep_post(request: HttpRequest) -> KeptText | None:
    """Keeps what a POST carried when its session ended or its token was stale; only for a person we know."""
    if request.method != "POST" or not isinstance(request.user, User):
        return None
    fields = {
        key: value[:LONGEST].replace("\x00", "")
        for key, value in request.POST.items()
        if key not in NEVER_KEPT and isinstance(value, str) and _typed(key, value) and not is_number(value)
    }
    kept = keep(request.user, page_of(request), fields)
    if kept is not None:
        request.session[WAITING] = True
    return kept


def _typed(name: str, value: str) -> bool:
    """Whether somebody wrote this: not what a form hides, nor what one only chose."""
    known = is_written(name, value)
    if known is None:
        return not (name.startswith("version-") or CODE.fullmatch(value) or IDENTIFIER.fullmatch(value))
    # What has several words was written, whatever another form calls by this name: better kept once too often.
    return (known or bool(re.search(r"\s", value.strip()))) and not IDENTIFIER.fullmatch(value)


def restoring(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: ``?hent=<id>`` opens a page with one of the person's own kept texts put back in its form.

    Once the form with those fields is sent from that page and has gone through, the text is kept no longer.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        text = _asked_for(request)
        token = PUT_BACK.set(text.fields if text is not None and request.method == "GET" else None)
        try:
            response = get_response(request)
        finally:
            PUT_BACK.reset(token)
        saved = text is not None and request.method == "POST" and response.status_code == 303
        if text is not None and saved and set(text.fields) <= set(request.POST):
            discard(text.owner, [text.pk])
        return response

    return middleware


def _asked_for(request: HttpRequest) -> KeptText | None:
    """The kept text named in the address of this page, or of the page that sends its form."""
    source = request.GET if request.method == "GET" else QueryDict(urlsplit(request.headers.get("Referer", "")).query)
    asked = source.get(PUT_BACK_KEY, "")
    if not isinstance(request.user, User) or not IDENTIFIER.fullmatch(asked):
        return None
    found = KeptText.objects.filter(owner=request.user, pk=asked).first()
    here = request.path if request.method == "GET" else page_of(request)
    return found if found is not None and found.path == here else None


def is_number(value: str) -> bool:
    """Whether a value alone is eleven digits, however they are spaced: meant as a national number, valid or not."""
    return len(value) <= 40 and bool(re.fullmatch(r"\d{11}", re.sub(r"[\s.\-\u2013]", "", value)))


def page_of(request: HttpRequest) -> str:
    """The path of the page the person stood on, where the browser tells; else the path that was posted to.

    A form may post to an address that has no page of its own, and the text belongs on the page it was written on.
    """
    told = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    parts = urlsplit(told)
    ours = parts.netloc in {"", request.get_host()} and parts.path.startswith("/") and not parts.path.startswith("//")
    return parts.path if told and ours else request.path


def notice_for(request: HttpRequest) -> Notice | None:
    """What waits for the person who asks, or None. Costs no query unless the session says that something waits."""
    session = getattr(request, "session", None)
    if session is None or not session.get(WAITING) or not isinstance(request.user, User):
        return None
    waiting = all_for(request.user)
    if not waiting:
        del session[WAITING]
        return None
    here = tuple(text for text in waiting if text.path == request.path)
    return Notice(here, len(waiting) - len(here), request.GET.get(PUT_BACK_KEY, ""))


def all_for(owner: User) -> list[KeptText]:
    """Everything kept for a person, newest first."""
    return list(KeptText.objects.filter(owner=owner).order_by("-at", "-pk"))


def labelled(fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """The texts with what their fields are called: the label all forms agree on, a common word, or a number."""
    told = []
    for number, (name, value) in enumerate(fields.items(), start=1):
        labels = field_labels(name)
        word = next(iter(labels)) if len(labels) == 1 else COMMON.get(name)
        told.append((str(word) if word else _("Tekst %(number)s") % {"number": number}, value))
    return told


def discard(owner: User, ids: Iterable[Any]) -> int:
    """Removes some of a person's own kept texts; how many there were. Other people's are never touched."""
    return KeptText.objects.filter(owner=owner, pk__in=list(ids)).delete()[0]


def waiting_for(owner: User, path: str) -> KeptText | None:
    """The newest kept text of this person for a page, or None."""
    return KeptText.objects.filter(owner=owner, path=path).order_by("-at").first()


def drop(owner: User, path: str) -> None:
    """Removes kept texts of a page after they were saved or put aside by their writer."""
    KeptText.objects.filter(owner=owner, path=path).delete()


def forget_after_days() -> int:
    """How long kept text stays before the cleaning job removes it."""
    return int(getattr(settings, "PORTAL_KEPT_TEXT_DAYS", 30))
