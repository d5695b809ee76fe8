"""Commands that stand in for docker, gcloud and make in a build's steps, as scripts of sh."""

from __future__ import annotations

from pathlib import Path

DIGEST = f"sha256:{'0123456789abcdef' * 4}"
BUILT = """
for word; do
  case $word in
    .release/*.json)
      printf '{\\n  "a": "b",\\n  "containerimage.digest": "%s"\\n}' "$DIGEST" >"$word"
  esac
done
"""
"""What is known of an image once it is built: the file that --metadata-file names."""

DOCKER = f"""
echo "docker $*" >>"$LOG"
case "$*" in
  "buildx build"*) {BUILT} ;;
  *"$FAILING"*) exit 1 ;;
esac
"""
GCLOUD = """
echo "gcloud $*" >>"$LOG"
case "$*" in
  *jobs\\ list*noop*) echo "$OLD_LIGHT" ;;
  *jobs\\ list*video*) echo "$OLD_MEDIA" ;;
  *"$FAILING"*) exit 1 ;;
esac
"""
MAKE = 'echo "make $*" >>"$LOG"'
"""They note what they are told, and fail at what is to fail."""

DOCKER_HERE = f"""
case "$*" in
  "buildx build"*) {BUILT} ;;
  *" deploy "*)
    while [ "$1" != deploy ]; do shift; done
    exec env $(cat .release/settings) "$LEDGER" runjobs "$@" ;;
esac
"""
"""Has `runjobs deploy` done here, where an image's would be."""

GCLOUD_HERE = """
case "$*" in *"$BROKEN"*) exit 1 ;; esac
exec "$GCLOUD" "$@"
"""
"""The real one, but for what is to fail."""


def stand_in(folder: Path, name: str, code: str) -> None:
    """A command of that name, in a folder for the PATH."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{code}")
    path.chmod(0o755)
