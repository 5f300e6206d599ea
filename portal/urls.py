"""All addresses. Norwegian words, UUIDs for what is a case's, names by app."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("portal.pages")),
    path("konto/", include("portal.account_urls")),
    path("retningslinje/", include("guideline.urls")),
    path("", include("cases.urls")),
    path("", include("referrals.urls")),
    path("nettverk/", include("network.urls")),
]

if settings.DEMO:
    # One button per person; does not exist outside the demo (portal.E001 checks it).
    urlpatterns += [path("demo/", include("portal.demo_urls"))]

handler500 = "portal.errors.server_error"
