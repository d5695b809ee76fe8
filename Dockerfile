# One image for all jobs: docker build -t runjobs . && docker run runjobs noop
FROM python:3.12-slim AS build
WORKDIR /src
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
# What changes seldom comes first, so that a change of code alone builds in seconds.
COPY requirements.image.lock ./
RUN /venv/bin/pip install --require-hashes --requirement requirements.image.lock
COPY pyproject.toml README.md LICENSE ./
COPY common common
COPY jobs jobs
# Compiled: without bytecode a cold start takes three to five times as long.
RUN /venv/bin/pip install --no-deps . && /venv/bin/python -m compileall -q /venv/lib

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 runjobs
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1
USER runjobs
WORKDIR /home/runjobs
# Which job it is, Cloud Run says by CLOUD_RUN_JOB; `--args` are then the job's own params.
ENTRYPOINT ["python", "-P", "-m", "jobs"]
