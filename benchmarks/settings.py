"""The portal's settings with one address more."""

from portal.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
