"""What the case's pages are for, said on each page that has no guidance of its own."""

from django.utils.translation import gettext_lazy as _

from guideline.page_help import add_help

add_help(
    "cases",
    "page.case",
    child=_(
        "Rett opplysningene om barnet her. De brukes i hele saken og i henvisninger som ikke er sendt. Har barnet "
        "flyttet, velger du den nye kommunen. Stafettpinnen tilbyr du etterpå, med «Gi stafettpinnen videre»."
    ),
    timeline=_("Her står det som har skjedd i saken, det nyeste øverst. Du ser bare det tjenesten din kan se."),
    close=_("Avslutt saken når barnet ikke lenger trenger den. Skriv hvorfor. Den kan åpnes igjen."),
    reopen=_("Åpne saken igjen når barnet trenger hjelp på nytt. Det som er skrevet før, er fortsatt der."),
    merge=_(
        "Har barnet fått to saker, velger du hvilken som lever videre. Den andre blir avsluttet. Det som er skrevet i "
        "den, flyttes ikke: det leses der, av dem som kunne lese det før, og hver av sakene viser vei til den andre."
    ),
    waive=_("Passer ikke noe retningslinjen ber om, skriver du hvorfor. Grunnen blir stående i saken."),
    holder=_("Stafettholderen holder saken samlet. Her spør du en annen om å ta over, eller ser hvem som er spurt."),
    holder_answer=_("Du er spurt om å bli stafettholder. Du får ansvaret først når du svarer ja."),
    emergency_access=_(
        "Trenger barnet hjelp nå, og dere må vite mer, åpner du saken her. Du ser den i noen timer, alene. "
        "Stafettholderen og lederne får vite det med en gang."
    ),
    emergency_review=_(
        "Her står det hvem som åpnet saken i en nødsituasjon, når og hvorfor. Stafettholderens tjeneste ser på det "
        "etterpå, og skriver hva de kom fram til."
    ),
    acquaintances=_(
        "Skriv her når familien sier at noen i en tjeneste kjenner barnet, for eksempel en nabo eller en kollega. "
        "Ingen mister tilgang av det, men lederen i tjenesten får se om den det gjelder, åpner saken."
    ),
    mark_error=_("Marker det som ble ført feil. Det teller ikke lenger, men blir stående i historikken."),
)
add_help(
    "cases",
    "page.concern",
    concern_new=_("Skriv en ny undring i saken: det du har sett og hørt, og hvor lenge det har vart."),
)
add_help(
    "cases",
    "page.levels",
    inform=_("Skriv når og hvordan foreldrene fikk vite om undringen. Da kan dere arbeide videre sammen med dem."),
    informed_withdraw=_("Er det ført feil om foresatte, trekker du det her. Det som sto, blir i tidslinjen."),
    not_informed=_("Er det ikke trygt at foreldrene får vite det, skriver du hvorfor. Da skjules saken for familien."),
)
add_help(
    "cases",
    "page.consent",
    consent_new=_("Skriv ned hva foreldrene eller ungdommen har sagt ja eller nei til, og hvordan de svarte."),
    consent_form=_(
        "Skriv ut et skjema som foreldrene, ungdommen eller andre som bestemmer, kan lese og underskrive. Det finnes "
        "på flere språk, og som tomt skjema."
    ),
    consent_form_pdf=_("Velg hva som skal stå på skjemaet, og hent det på nytt."),
    signed_form_new=_("Last opp skjemaet som er underskrevet. Det hører til dette svaret, og er bevis for det."),
    consent_withdraw=_("Registrer at samtykket er trukket. Tjenestene mister innsynet med en gang."),
    consent_notice=_("Et samtykke tjenesten din arbeidet etter, gjelder ikke lenger. Her står hva det betyr for dere."),
    statutory_new=_("Må noe deles uten samtykke, skriver du hvilket grunnlag i loven som gir adgang til det."),
    capacity=_("Skriv hvem som bestemmer for barnet, og hva ungdommen bestemmer selv."),
    guardian_new=_("Før inn en forelder eller verge, med foreldreansvar, kontakt og behov for tolk."),
    guardian_edit=_("Rett opplysningene om en forelder eller verge. Foreldreansvaret avgjør hvem som må samtykke."),
    participant_new=_("Ta med en tjeneste som trengs for barnet. Hva den ser, følger av samtykket."),
    participant_edit=_("Rett formålet, eller hvor lenge tjenesten skal være med. Samtykket avgjør hva den ser."),
    participant_end=_("Avslutt tjenestens deltakelse. Den mister innsynet, men det den har skrevet, blir stående."),
)
add_help(
    "cases",
    "page.child_voice",
    reserve=_(
        "Fra 12 år kan barnet be om at foreldrene ikke får vite noe, når grunnen bør respekteres. Er det yngre, må "
        "tungtveiende hensyn tale for det. Skriv hva som er vurdert, og av hvem."
    ),
    reserve_lift=_("Vil barnet likevel at foreldrene får vite det, opphever du reservasjonen her."),
    voice_new=_("Skriv det barnet sa, ordrett, og hvordan dere snakket sammen."),
)
add_help(
    "cases",
    "",
    measure_new=_("Skriv et tiltak som er planlagt eller i gang, og hvilken tjeneste som har det."),
    measure_start=_("Skriv når tiltaket begynte."),
    measure_evaluate=_("Skriv hva tiltaket førte til. Det følger med i en henvisning."),
    measure_stop=_("Skriv når tiltaket stoppet, og hvorfor."),
    document_new=_("Last opp en rapport eller et bilde. Velg hva den handler om: det avgjør hvem som ser den."),
)
