"""What the referral's pages are for, said on each page that has no guidance of its own."""

from django.utils.translation import gettext_lazy as _

from guideline.page_help import add_help

add_help(
    "referrals",
    "page.assembly",
    preview=_("Slik blir henvisningen om den sendes nå. Utkast står på hver side til den er ferdigstilt."),
    attach=_("Velg dokumenter fra saken som skal følge henvisningen."),
    contribution_cancel=_("Trekk spørsmålet tilbake når bidraget ikke trengs. Tjenesten får vite det."),
    contribution_more=_("Be tjenesten om mer når noe mangler i bidraget. Skriv hva du vil vite."),
    contribution_received=_("Skriv inn det en tjeneste uten brukere har svart på en annen måte, med hvem og når."),
    document=_("Henvisningen slik den ble sendt. Den endres aldri: en rettelse blir en ny versjon."),
    text=_("Hele henvisningen som tekst, klar til å kopieres inn i et journalsystem."),
    pdf=_("Dokumentet lages første gang det skal åpnes. Det tar noen sekunder."),
    withdraw=_("Trekk henvisningen når den ikke lenger er aktuell. Avdelingen får vite hvorfor."),
    resubmit=_("Send henvisningen på nytt, med det som manglet. Det som er skrevet før, blir med."),
)
add_help(
    "referrals",
    "page.contribution",
    contribution_decline=_("Har dere ikke noe å bidra med, svarer du nei og skriver hvorfor. Da slipper de å vente."),
    contribution_upload=_("Legg ved en fil til bidraget, som en rapport. Bare de samtykket omfatter, ser den."),
)
add_help(
    "referrals",
    "page.consultation",
    consult_new=_("Spør avdelingen før dere henviser. Dere kan spørre uten å si hvem barnet er."),
    consult_record=_("Har dere snakket sammen på telefon eller i et møte, skriver du ned spørsmålet og svaret her."),
    consult_register=_("Avdelingen skriver her ned en drøfting som ble holdt på telefon eller i et møte."),
    consult_wrong=_("Marker en drøfting som ble ført feil. Den teller ikke lenger, men blir stående i historikken."),
)
add_help(
    "referrals",
    "page.gp_assessment",
    emergency_wrong=_(
        "Marker svaret som feilregistrert, med samtalen. Det teller ikke lenger, og dere kan svare på nytt."
    ),
    correct_gp=_("Rett vurderingen. Det som er sendt, står i sin versjon, og rettelsen går med i den neste."),
    wrong_assessment=_("Marker vurderingen som feilregistrert. Den teller ikke lenger, og en ny kan skrives."),
    external_assessment=_("Registrer en vurdering som kom på annen måte, med hvem den er fra og dato."),
    reasons=_("Skriv hvorfor noe mangler. Grunnen trykkes på henvisningen."),
    hand_back=_("Send henvisningen tilbake til stafettholderen når noe mangler. Skriv hva."),
)
add_help(
    "referrals",
    "page.finalise",
    new_version=_("Send en ny versjon når noe må rettes eller legges til. Den forrige blir stående."),
)
add_help(
    "referrals",
    "page.intake",
    intake_receive=_("Skriv hvilken dag henvisningen kom. Fristen for vurdering regnes fra den dagen."),
    intake_assign=_("Velg hvem i avdelingen som skal vurdere henvisningen."),
    intake_ask=_("Spør tjenesten som vet det. Fristen løper videre mens du venter."),
    intake_redirect=_("Send henvisningen videre til riktig avdeling. Fristen regnes fortsatt fra første mottak."),
    intake_urgency=_("Endre hastegraden når vurderingen tilsier det, og skriv hvorfor."),
    intake_wrong_decision=_("Marker en avgjørelse som ble ført feil. Den blir stående i historikken."),
    intake_wrong_receipt=_("Marker et mottak som ble ført feil, og registrer det på nytt med riktig dato."),
    intake_treatment=_("Skriv hvilken dag behandlingen startet. Fristene for helsehjelpen slutter å løpe den dagen."),
    intake_wrong_treatment=_("Marker en behandlingsstart som ble ført feil, og registrer den på nytt."),
    intake_elsewhere=_("Er henvisningen avgjort i et annet system, skriver du utfallet her, så alle får vite det."),
)
