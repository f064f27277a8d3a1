# One image for the web server, the workers and the timetable; compose.yaml says which of them a container is.
FROM python:3.11-slim-bookworm

# backup and restore call the client programs of PostgreSQL 15.
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /data goldseam \
    && install -d -o goldseam -g goldseam /data

WORKDIR /srv/goldseam
COPY requirements.txt .
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .

ENV GOLDSEAM_DATA_DIR=/data PYTHONUNBUFFERED=1 PATH=/srv/goldseam/.venv/bin:$PATH
USER goldseam
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "recovery.wsgi", "--workers", "2", "--threads", "8", "--bind", "0.0.0.0:8000", "--no-control-socket"]
