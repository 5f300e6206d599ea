"""The whole referral as plain text under the headings of the national referral message, for the sender's journal.

A pure function of a snapshot's content and the edition it was written under: no one writes twice (6.1.2).
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from guideline.schema import Edition

Content = Mapping[str, Any]
EMPTY = "–"


def as_text(content: Content, edition: Edition, *, whole: bool = True) -> str:
    """Every part of the referral under its heading (code list 8231), each text with its source and date.

    All headings stand, also the empty ones, so that the reader sees that nothing fell out; where something was taken
    out for the reader (not ``whole``), the text says so at its top. Lines end in LF.
    """
    blocks: dict[str, list[str]] = {code: [] for code in edition.referral_headings}
    last = next(reversed(blocks))

    def put(code: str, *lines: str) -> None:
        text = "\n".join(line for line in lines if line)
        if text.strip():
            blocks.get(code, blocks[last]).append(text)

    _referral(content, edition, put)
    _gp(content, edition, put)
    _contributions(content, edition, put)
    _carried(content, edition, put)
    parts = [_head(content, whole)]
    for code, heading in edition.referral_headings.items():
        parts.append(f"{heading.label.upper()}\n\n" + ("\n\n".join(blocks[code]) or EMPTY))
    return "\n\n\n".join(parts).replace("\r\n", "\n").replace("\r", "\n") + "\n"


def _head(content: Content, whole: bool) -> str:
    child, sender = content["child"], content["sender"]
    title = _("SAMORDNET HENVISNING %(reference)s") % {"reference": content["reference"]}
    if content["status"] == "draft":
        title += " – " + _("UTKAST, IKKE SENDT")
    elif content["version"]:
        title += ", " + _("versjon %(n)s") % {"n": content["version"]}
    born = _("født %(date)s") % {"date": day(child["birth_date"])} if child["birth_date"] else ""
    lines = [
        title,
        "" if whole else _("DELER ER UTELATT. Teksten har bare det samtykket gir tjenesten din innsyn i."),
        *_keep_away(content),
        _label(_("Til"), _joined(content["to"]["department"], content["to"]["organisation"])),
        _label(_("Gjelder"), _joined(child["name"] or _("Ufødt barn"), born, child["national_number"])),
        _label(_("Kommune"), child["municipality"]),
        _label(_("Adressebeskyttelse"), child["protection"]),
        _label(_("Tolk"), child["interpreter"]["language"] if child["interpreter"] else ""),
        _label(_("Hastegrad"), _joined(content["urgency"]["label"], content["urgency"]["text"], by=": ")),
        _label(_("Henviser"), _person(sender) if sender else ""),
        _label(_("Sendt"), day(sender["at"]) if sender else ""),
        _label(_("Stafettholder"), _person(content["case_holder"]) if content["case_holder"] else ""),
        _label(_("Øyeblikkelig hjelp"), _emergency(content["emergency"])),
    ]
    return "\n".join(line for line in lines if line)


def _keep_away(content: Content) -> Iterable[str]:
    """Address protection, a family that does not know, guardians who must see nothing: before anything else."""
    if content["child"]["protection"]:
        yield _(
            "ADRESSESPERRE. Teksten viser hvilke tjenester som har skrevet. Gi den ikke til noen som ikke skal vite "
            "hvor barnet er."
        )
    family = content.get("family") or {}
    if family.get("informed") == "no":
        yield _(
            "FAMILIEN ER IKKE INFORMERT. Ikke ta kontakt med familien, og ikke send noe hjem, før dere har snakket med "
            "stafettholderen."
        )
        yield _label(_("Grunn"), family["reason"])
    if family.get("reserved"):
        yield _("NOE SKAL FORELDRENE IKKE FÅ VITE. Det er merket der det står.")
    if family.get("blocked"):
        yield _("SKAL IKKE HA INNSYN: %(names)s.") % {"names": ", ".join(family["blocked"])}


def _referral(content: Content, edition: Edition, put: Any) -> None:
    """The referral's own fields, placed as the edition's form says."""
    texts = {
        "worry": content.get("worry", ""),
        "questions": content["questions"],
        "why_specialist": content["insufficient"],
    }
    for key, text in texts.items():
        section = edition.referral_form.sections.get(key)
        if section is not None and text.strip():
            put(section.heading_code, _sub(section.heading), text)
    overall = content["overall"]
    section = edition.referral_form.sections.get("overall_assessment")
    if overall and section is not None:
        put(section.heading_code, _sub(section.heading, overall["by"], day(overall["at"])), overall["text"])


def _gp(content: Content, edition: Edition, put: Any) -> None:
    gp, missing = content["gp"], content["gp_missing"]
    known = edition.gp_assessment.sections
    for part in gp["sections"] if gp else ():
        section = known.get(part.get("key", ""))
        heading = part["heading"] or edition.gp_assessment.title
        source = "" if gp["source"] == _("Skrevet i portalen") else gp["source"]
        put(section.heading_code if section else "VU", _sub(heading, gp["by"], source, day(gp["date"])), part["text"])
    if missing:
        put(edition.copy_headings["missing"], _sub(_("Vurdering fra fastlege mangler")), _waiver(missing))


def _contributions(content: Content, edition: Edition, put: Any) -> None:
    for row in content["contributions"]:
        template = edition.contributions.get(row.get("template", ""))
        for part in row["sections"]:
            section = template.sections.get(part.get("key", "")) if template else None
            who = _joined(row["service"], _joined(row["author"], row["role"]))
            put(section.heading_code if section else "VU", _sub(part["heading"], who, day(row["date"])), part["text"])
    code = edition.copy_headings["missing"]
    for row in content["declined"]:
        put(code, _("%(service)s bidrar ikke: %(reason)s.") % row, row["text"])
    for row in content["pending"]:
        put(code, _("%(service)s er spurt og har ikke svart.") % row)
    for gap in content["gaps"]:
        if gap["reason"]:
            put(code, f"{gap['label']}. {gap['reason']}")


def _carried(content: Content, edition: Edition, put: Any) -> None:
    """What the case holds: concern, measures, the child's words, guardians, consent, consultations, attachments."""
    codes = edition.copy_headings
    for row in content.get("concerns", ()):
        put("PROB", _sub(_("Undring"), row["by"], day(row["date"])), row["text"], row["how_long"])
    for row in content["measures"]:
        put(codes["measures"], *_measure(row))
    whose = {"child": _("Barnets egne ord"), "family": _("Familiens ord")}
    for row in content["child_voices"]:
        title = whose.get(row.get("speaker", ""), _("Barnets og familiens ord"))
        put(
            codes["child_voice"],
            _sub(title, row["how"], row["by"], day(row["date"])),
            f"«{row['text']}»",
            row.get("reserved", ""),
        )
    for speaker, title in whose.items():
        reason = content.get(f"{speaker}_voice_missing", "")
        if reason and not any(row.get("speaker", speaker) == speaker for row in content["child_voices"]):
            put(codes["child_voice"], _("%(title)s er ikke innhentet") % {"title": title}, reason)
    for row in content["guardians"]:
        put(codes["guardians"], _guardian(row))
    put(codes["guardians"], *_facts(content["facts"]))
    for row in content["consents"]:
        put(codes["consent"], _consent(row))
    if content["consent_missing"]:
        put(codes["consent"], _sub(_("Samtykke mangler")), _waiver(content["consent_missing"]))
    for row in content["consultations"]:
        heading = _sub(_("Drøfting med %(department)s") % row, day(row["answered"] or row["asked"]))
        put(codes["consultation"], heading, row["question"], f"{row['answer']}. {row['text']}" if row["answer"] else "")
    for row in content["attachments"]:
        name = _label(_("Vedlegg"), _joined(row["name"], row["service"], day(row["date"])))
        put(codes["attachments"], name, row.get("reserved", ""))


def _measure(row: Content) -> Iterable[str]:
    """What was done, by whom and when, what came of it, and why it was stopped."""
    when = "–".join(part for part in (day(row["started"]), day(row["ended"])) if part)
    yield _sub(row["title"], row["service"], when)
    yield row.get("text", "")
    yield row.get("reserved", "")
    stopped = row.get("stopped", "")
    known = _joined(row.get("evaluated_by", ""), day(row.get("evaluated")))
    yield _sub(row["effect"], known) if row["effect"] else "" if stopped else _("Ikke evaluert")
    yield _label(_("Stoppet"), stopped)
    yield _label(_("Skrevet av"), _joined(row.get("by", ""), day(row.get("date"))))


def _guardian(row: Content) -> str:
    facts = [
        _("foreldreansvar") if row["parental_responsibility"] == "yes" else "",
        _("daglig omsorg") if row["daily_care"] == "yes" else "",
        _("har samtykket") if row["consented"] == "yes" else "",
        _("tolk: %(language)s") % {"language": row["interpreter"]} if row["interpreter"] else "",
    ]
    contact = row["contact"] or {}
    reach = _("kontaktopplysninger er skjermet") if row["contact_hidden"] else _joined(*contact.values())
    if row.get("blocked"):
        reach = _("SKAL IKKE HA INNSYN")
    elif reach and row.get("contact_private"):
        reach = f"{reach} ({_('skal ikke gis videre, heller ikke til den andre forelderen')})"
    return f"{row['name']} ({row['relation']}): " + _joined(*facts, reach)


def _facts(facts: Content) -> Iterable[str]:
    names = {
        "parental_responsibility": _("Foreldreansvar"),
        "daily_care": _("Daglig omsorg"),
        "consented_by": _("Samtykke gitt av"),
        "child_protection": _("Barnevernets rolle"),
    }
    return [_label(label, facts[key]) for key, label in names.items()]


def _consent(row: Content) -> str:
    states = {"given": _("Samtykke"), "refused": _("Nektet"), "withdrawn": _("Trukket"), "expired": _("Utløpt")}
    until = _("til %(date)s") % {"date": day(row["valid_until"])} if row["valid_until"] else ""
    about = _joined(*row["categories"])
    return f"{states[row['status']]}: " + _joined(row["by"], row["how"], about, until, row["note"])


def _emergency(row: Content) -> str:
    if not row["assessed"]:
        return ""
    if not row["needed"]:
        return _("Nei, vurdert av %(by)s") % row
    return _joined(_("Ja, vurdert av %(by)s") % row, row["called"])


def _waiver(row: Content) -> str:
    return _joined(row["reason"], _label(_("Grunnlag"), row["basis"]), by="\n")


def _person(row: Content) -> str:
    hpr = f"HPR {row['hpr']}" if row.get("hpr") else ""
    return _joined(row["name"], row["title"], hpr, row["service"], row["organisation"])


def _sub(title: str, *source: str) -> str:
    """A line over a text: what it is, and in brackets whose and when."""
    told = _joined(*source)
    return f"{title} ({told})" if told else title


def _label(label: str, value: str) -> str:
    return f"{label}: {value}" if value else ""


def _joined(*parts: str, by: str = ", ") -> str:
    return by.join(str(part) for part in parts if part)


def day(value: str | None) -> str:
    """An ISO date or datetime as day.month.year; an empty string when unknown."""
    if not value:
        return ""
    return dt.datetime.fromisoformat(value).strftime("%d.%m.%Y")
