"""To a provider of electronic identity and back: logging in, or linking the identity to the user one is."""

import hmac
import logging
import time

from allauth.account.decorators import reauthentication_required
from allauth.decorators import rate_limit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal.actions.eid_entrance import NotLetIn, enter, link, refused
from portal.answering import PortalRequest
from portal.eid.client import Journey, ProviderDown, client_for, new_journey
from portal.eid.identity import Identity, identity_of
from portal.eid.providers import Provider
from portal.eid.tokens import TokenRefused
from portal.htmx import redirect, respond

JOURNEY = "eid_journey"
JOURNEY_SECONDS = 15 * 60
logger = logging.getLogger("portal.eid")


@login_not_required
@never_cache
@rate_limit(action="login")
@require_GET
def begin(request: HttpRequest, provider: str) -> HttpResponse:
    """Sends the person to the provider, with what is needed to know the answer again in the session."""
    return _send(request, _provider(provider), new_journey(_provider(provider), next_url=request.GET.get("next", "")))


@never_cache
@require_GET
@reauthentication_required
def begin_linking(request: PortalRequest, provider: str) -> HttpResponse:
    """The same for someone who is logged in, and wants to log in with it from now on."""
    chosen = _provider(provider)
    return _send(request, chosen, new_journey(chosen, linking=str(request.actor.person.pk)))


@login_not_required
@never_cache
@rate_limit(action="login")
@require_GET
def callback(request: PortalRequest, provider: str) -> HttpResponse:
    """Back again. Good once: what the session remembers is forgotten before anything is looked at."""
    chosen = _provider(provider)
    remembered = request.session.pop(JOURNEY, None)
    journey = Journey(**remembered) if isinstance(remembered, dict) else None
    if journey is None:
        # Nobody was sent anywhere from here, or the answer has been used: strangers must not fill the log.
        return _page(request, chosen, "state")
    if not _is_answer_to(request, chosen, journey):
        return _turned_back(request, chosen, "state")
    if request.GET.get("error") in {"access_denied", "login_required"}:
        return _turned_back(request, chosen, "cancelled")
    if not request.GET.get("code"):
        return _turned_back(request, chosen, "provider")
    try:
        claims = client_for(chosen).claims(
            journey, code=request.GET["code"], issuer=request.GET.get("iss", ""), redirect_uri=_return_address(chosen)
        )
        return _welcome(request, journey, identity_of(claims, chosen))
    except ProviderDown as error:
        logger.warning("provider", extra={"provider": chosen.slug, "why": str(error)})
        return _turned_back(request, chosen, "down")
    except TokenRefused as error:
        logger.warning("token", extra={"provider": chosen.slug, "why": error.why})
        return _turned_back(request, chosen, "level" if error.why == "level" else "token", detail=error.why)
    except NotLetIn as error:
        refused(how=chosen.slug, why=error.why, user=error.user)
        return _page(request, chosen, error.why)


def _welcome(request: PortalRequest, journey: Journey, identity: Identity) -> HttpResponse:
    if not journey.linking:
        enter(request=request, identity=identity)
        safe = url_has_allowed_host_and_scheme(journey.next, {request.get_host()}, require_https=request.is_secure())
        return redirect(request, journey.next if journey.next and safe else settings.LOGIN_REDIRECT_URL)
    if not request.user.is_authenticated or str(request.user.pk) != journey.linking:
        raise TokenRefused("state")
    link(session=request.session, identity=identity, by=request.actor)
    messages.success(request, _("Du kan nå logge inn med elektronisk ID."))
    return redirect(request, "mfa_index")


def _send(request: HttpRequest, provider: Provider, journey: Journey) -> HttpResponse:
    try:
        address = client_for(provider).address(journey, _return_address(provider))
    except (ProviderDown, TokenRefused) as error:
        logger.warning("provider", extra={"provider": provider.slug, "why": str(error)})
        return _page(request, provider, "down")
    request.session[JOURNEY] = journey.as_dict()
    return HttpResponseRedirect(address)


def _is_answer_to(request: HttpRequest, provider: Provider, journey: Journey) -> bool:
    state = request.GET.get("state", "")
    known = hmac.compare_digest(state.encode(), journey.state.encode())
    return known and journey.provider == provider.slug and time.time() - journey.began < JOURNEY_SECONDS


def _turned_back(request: HttpRequest, provider: Provider, why: str, *, detail: str = "") -> HttpResponse:
    if why != "cancelled":
        refused(how=provider.slug, why=detail or why)
    return _page(request, provider, why)


def _page(request: HttpRequest, provider: Provider, why: str) -> HttpResponse:
    status = 502 if why == "down" else 403
    return respond(request, "account/eid_refused.html", None, {"why": why, "provider": provider}, status=status)


def _provider(slug: str) -> Provider:
    provider: Provider | None = settings.EID_PROVIDERS.get(slug)
    if provider is None:
        raise Http404
    return provider


def _return_address(provider: Provider) -> str:
    # Not from the request's Host: the provider knows exactly one address.
    return f"{settings.PORTAL_BASE_URL.rstrip('/')}{reverse('eid_callback', args=[provider.slug])}"
