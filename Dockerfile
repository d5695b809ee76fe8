# One image for all jobs: docker build -t runjobs . && docker run runjobs noop
FROM python:3.12-slim AS build
WORKDIR /src
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
COPY requirements.lock pyproject.toml README.md LICENSE ./
# The lock file holds every extra; what only tests and developers need stays out of the image.
RUN /venv/bin/pip install uv \
 && /venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
      --python-version 3.12 --constraint requirements.lock \
      --extra gcp --extra media --extra veo --output-file runtime.lock pyproject.toml \
 && /venv/bin/pip uninstall --quiet --yes uv \
 && /venv/bin/pip install --require-hashes --requirement runtime.lock
COPY common common
COPY jobs jobs
RUN /venv/bin/pip install --no-deps . && /venv/bin/python -m compileall -q /venv/lib

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 runjobs
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1
USER runjobs
WORKDIR /home/runjobs
# Which job it is, Cloud Run says by CLOUD_RUN_JOB; `--args` are then the job's own params.
ENTRYPOINT ["python", "-m", "jobs"]
