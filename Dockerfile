# The image of web, worker and beat; docker-compose.yml gives each its command. Development packages stay out.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /app
COPY requirements.lock .
RUN pip install --require-hashes --no-deps -r requirements.lock
COPY . .
# Collecting needs complete settings: invented ones, which end with this command.
RUN python -m jefacture.embedded.production python manage.py collectstatic --noinput \
 && rm -r jefacture/embedded requirements.lock \
 && python -m compileall -q .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home jefacture \
 && mkdir /data && chown jefacture /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=jefacture.settings.base
WORKDIR /app
USER jefacture
VOLUME /data
EXPOSE 8000
CMD ["granian", "jefacture.wsgi:application", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "8", "--no-ws", "--workers-kill-timeout", "20"]
