"""The portal's Celery app, impatient: work of a dead worker comes back after seconds instead of minutes."""

from portal.celery import app

VISIBLE_AGAIN = 5
app.conf.broker_transport_options = {**app.conf.broker_transport_options, "visibility_timeout": VISIBLE_AGAIN}
