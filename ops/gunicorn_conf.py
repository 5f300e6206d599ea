"""gunicorn's settings: threads, since pages are short and presence is polled (measured in the prototype)."""

import os
from pathlib import Path

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("PORTAL_WEB_THREADS", "8"))
timeout = 60
graceful_timeout = 10
keepalive = 5
# A worker is renewed now and then, not all at once: memory that fragments is given back.
max_requests = 20_000
max_requests_jitter = 2_000
# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# Addresses in an access log can carry what people searched for; the portal writes its own log without it.
accesslog = None
errorlog = "-"
loglevel = "warning"
control_socket_disable = True
forwarded_allow_ips = os.environ.get("PORTAL_PROXY_IPS", "127.0.0.1")
