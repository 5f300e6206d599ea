"""Addresses of the referral."""

from referrals.routes import assess, collect, consult, intake

app_name = "referrals"
urlpatterns = [*collect.urlpatterns, *assess.urlpatterns, *consult.urlpatterns, *intake.urlpatterns]
