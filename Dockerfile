# Three images from one file: "build" makes the environment and the static files, "app" runs every process of the
# project, "nginx" stands in front and serves the static files.

FROM python:3.11-slim-bookworm AS build
ENV PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY requirements/uv.txt requirements/run.txt requirements/
# the same steps as `make run`
RUN python -m venv .venv \
    && .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt \
    && .venv/bin/uv pip sync --quiet --no-cache --python .venv/bin/python --require-hashes requirements/run.txt \
    && .venv/bin/uv pip uninstall --quiet --python .venv/bin/python uv pip
COPY manage.py .env.example ./
COPY bin bin
COPY config config
COPY columns columns
COPY inbox inbox
COPY demo demo
COPY templates templates
COPY static static
# demonstration mode makes throw-away secrets; only the static files are kept
RUN STEADY_DEMO=1 STEADY_VAR=/build .venv/bin/python manage.py collectstatic --noinput --verbosity=0 \
    && mkdir -p var \
    && mv /build/static var/static \
    && rm -rf /build


FROM python:3.11-slim-bookworm AS app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# the key folders exist with their owner, so that new volumes begin with it
RUN useradd --system --uid 10001 --user-group --home-dir /nonexistent --shell /usr/sbin/nologin steady \
    && install -d -m 0700 -o steady -g steady /keys/desk /keys/notice
WORKDIR /app
COPY --from=build /app /app
USER 10001:10001
EXPOSE 8000
CMD ["granian", "config.wsgi:application", "--interface=wsgi", "--host=0.0.0.0", "--port=8000", "--no-ws", "--no-access-log"]
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["python", "bin/healthy.py", "web", "8000"]


FROM nginx:1.28-alpine AS nginx
# the image's entry point fills in the host names; the result lies in /tmp, since the file system is read-only
ENV NGINX_ENVSUBST_OUTPUT_DIR=/tmp
COPY deploy/nginx/nginx.conf /etc/nginx/nginx.conf
COPY deploy/nginx/site.conf.template /etc/nginx/templates/site.conf.template
COPY deploy/nginx/connections.conf deploy/nginx/networks.conf deploy/nginx/proxy.conf deploy/nginx/headers.conf \
    deploy/nginx/maps.conf deploy/nginx/static.conf /etc/nginx/
COPY deploy/nginx/errors /srv/errors
COPY --from=build /app/var/static /srv/static
USER 101:101
EXPOSE 8080 8443 8090
HEALTHCHECK --interval=30s --timeout=5s CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8081/"]
