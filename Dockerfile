# Build: docker build -t keukentafel .
# Run:   docker run --read-only --tmpfs /tmp -v keukentafel:/data -e BOT_TOKEN=... keukentafel
FROM python:3.13-slim AS build

COPY requirements.txt /build/
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes -r /build/requirements.txt

# Compiled here, because the root of the running container may be read-only.
COPY bot /app/bot
RUN python -m compileall -q /app/bot


FROM python:3.13-slim

RUN groupadd --gid 10001 keukentafel \
    && useradd --uid 10001 --gid keukentafel --no-create-home --home-dir /data --shell /usr/sbin/nologin keukentafel \
    && install --directory --owner keukentafel --group keukentafel --mode 0700 /data

COPY --from=build /venv /venv
COPY --from=build /app/bot /app/bot
COPY dialogs /app/dialogs
COPY locales /app/locales

ENV PATH="/venv/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATABASE=/data/keukentafel.db

WORKDIR /app
USER 10001:10001
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["python", "-m", "bot", "health"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["serve"]
