# One image for all jobs: docker build -t runjobs . && docker run runjobs noop
FROM python:3.12-slim AS build
WORKDIR /src
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv --without-pip /venv
# What changes seldom comes first, so that a change of code alone builds in seconds.
COPY requirements.image.lock ./
RUN pip --python /venv install --require-hashes --requirement requirements.image.lock
COPY pyproject.toml README.md LICENSE ./
COPY common common
COPY jobs jobs
# Apart from what it needs, so that a change of code alone is a layer of a megabyte.
RUN pip --python /venv install --no-deps --prefix /code .

FROM python:3.12-slim
# Python's images come without their library's bytecode: each start would compile it again.
RUN useradd --create-home --uid 10001 runjobs \
 && python -m compileall -q -x 'site-packages|ensurepip|idlelib|lib2to3|turtledemo' \
      "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')"
COPY --from=build /venv /venv
COPY --from=build /code /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1
USER 10001
WORKDIR /home/runjobs
# Which job it is, Cloud Run says by CLOUD_RUN_JOB; `--args` are then the job's own params.
ENTRYPOINT ["python", "-P", "-m", "jobs"]
