# The portal as one image; docker-compose.yml says which command each container runs.
FROM python:3.13-slim AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends nodejs npm libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
# First what changes seldom: an edit of the code does not install everything anew.
COPY bin bin
COPY ops ops
COPY package.json package-lock.json .npmrc requirements-production.lock ./
COPY static/portal/icons.txt static/portal/icons.txt
RUN bin/setup --production && rm -rf node_modules
COPY . .
# Demo mode, since collecting files needs settings that load; the keys it makes are deleted with its data folder.
RUN PORTAL_STATIC_ROOT=/app/staticfiles bin/manage collectstatic --no-input && rm -rf .portal node_modules

FROM python:3.13-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --create-home --home-dir /home/portal portal \
 && install -d -o portal -g portal -m 0700 /data /data/media
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=portal.settings \
    PORTAL_STATIC_ROOT=/app/staticfiles \
    PORTAL_MEDIA_ROOT=/data/media
USER portal
EXPOSE 8000
CMD ["gunicorn", "-c", "ops/gunicorn_conf.py", "--bind", "0.0.0.0:8000", "portal.wsgi:application"]
