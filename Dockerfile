# Two images of the same code: `light` runs the jobs that need no extra, the dispatcher and the
# commands; `media` has what makes videos and reads documents (ffmpeg, tesseract, readers, clients of
# models) besides, and runs all jobs. `make image` builds both.
FROM docker.io/library/python:3.12-slim AS build
WORKDIR /src
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv --without-pip /venv
# What changes seldom comes first, so that a change of code alone builds in seconds.
COPY requirements.image.lock ./
RUN python -m pip --python /venv install --require-hashes --requirement requirements.image.lock

FROM build AS build-media
COPY requirements.media.lock ./
# Of the whole list pip installs there what /venv has not: a layer of its own.
RUN python -m pip --python /venv install --prefix /media \
      --require-hashes --requirement requirements.media.lock

FROM build AS build-code
COPY pyproject.toml README.md LICENSE ./
COPY common common
COPY jobs jobs
RUN python -m pip --python /venv install --prefix /code --no-deps .

FROM docker.io/library/python:3.12-slim AS base
# Python's images come without their library's bytecode: each start would compile it again.
# Whoever breaks in shall not find pip there to install more.
RUN useradd --create-home --uid 10001 --shell /usr/sbin/nologin runjobs \
 && python -m pip uninstall --quiet --yes --root-user-action=ignore pip \
 && library="$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')" \
 && rm -rf "$library/ensurepip" "$library/idlelib" "$library/turtledemo" "$library/lib2to3" \
 && python -m compileall -q -x site-packages "$library"
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /home/runjobs
USER 10001:10001
# In the exec form Python is the container's first process: SIGTERM reaches the job itself.
# Which job it is, Cloud Run says by CLOUD_RUN_JOB; `--args` are then the job's own params.
# The dispatcher is the command `runjobs serve` in the place of this.
ENTRYPOINT ["python", "-P", "-m", "jobs"]

FROM base AS media
# What is written in a picture is read by tesseract, in the languages of the invoices' labels.
USER root
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends tesseract-ocr tesseract-ocr-deu \
      tesseract-ocr-fra tesseract-ocr-ita tesseract-ocr-nld tesseract-ocr-por tesseract-ocr-spa \
 && rm -rf /var/lib/apt/lists/*
USER 10001:10001
COPY --from=build-media /media /venv
COPY --from=build-code /code /venv

# The last one is what a build without --target makes.
FROM base AS light
COPY --from=build-code /code /venv
