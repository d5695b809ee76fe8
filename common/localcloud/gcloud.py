"""The real gcloud, told that Google Cloud is here.

gcloud calls Cloud Run at http://REGION-run.googleapis.com, whatever else it is told, and so finds
the local cloud as its proxy: the requests arrive whole, with the host that they are for. It is all
said by variables of the one process that gcloud is; the user's own configuration and account are
neither read nor written.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from common.errors import Misconfigured

__all__ = ["Gcloud"]

_APIS = (
    "run",
    "serviceusage",
    "cloudtasks",
    "cloudscheduler",
    "logging",
    "iam",
    "iamcredentials",
    "cloudresourcemanager",
    "secretmanager",
    "firestore",
    "appengine",
)
_QUIET = {
    "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
    "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "1",
    "CLOUDSDK_CORE_CHECK_GCE_METADATA": "0",
    "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK": "1",
    "CLOUDSDK_SURVEY_DISABLE_PROMPTS": "1",
}
"""Nobody is to be asked, and nothing to be told to Google, for what happens here."""
_OWN = ("CLOUDSDK_PYTHON", "CLOUDSDK_ROOT_DIR")
"""How gcloud itself is started, which is the user's to say."""
_PROXIES = ("HTTP_PROXY", "ALL_PROXY", "NO_PROXY")


@dataclass(frozen=True, kw_only=True, slots=True)
class Gcloud:
    """The environment in which gcloud speaks with a local cloud."""

    url: str
    """Where the local cloud answers."""
    home: Path
    """RUNJOBS_HOME, under which gcloud keeps what it needs."""
    project: str
    region: str

    def environment(self, environ: Mapping[str, str] | None = None) -> dict[str, str]:
        """All variables for a process that is gcloud; makes the files that they name."""
        env = os.environ if environ is None else environ
        return {
            **{name: value for name, value in env.items() if not _misleading(name)},
            **_QUIET,
            **{f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api.upper()}": _endpoint(api) for api in _APIS},
            "http_proxy": self.url,
            "CLOUDSDK_CONFIG": str(self._configuration()),
            "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE": str(self._token()),
            "CLOUDSDK_CORE_PROJECT": self.project,
            "CLOUDSDK_RUN_REGION": self.region,
        }

    @staticmethod
    def program() -> str:
        """Where gcloud is. Raises Misconfigured where it is not."""
        found = shutil.which("gcloud")
        if found is None:
            raise Misconfigured(
                "gcloud is not installed, or not on the PATH: see "
                "https://cloud.google.com/sdk/docs/install. Without it, runjobs submit starts jobs."
            )
        return found

    def _configuration(self) -> Path:
        folder = self.home / "gcloud"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _token(self) -> Path:
        """gcloud wants to be somebody; here that may be anybody."""
        file = self._configuration() / "access-token"
        if not file.exists():
            file.write_text("local\n")
        return file


def _endpoint(api: str) -> str:
    return f"http://{api}.googleapis.com/"


def _misleading(name: str) -> bool:
    """Whether a variable would have gcloud speak with somebody else."""
    if name.startswith("CLOUDSDK_"):
        return not name.startswith(_OWN)
    return name.upper() in _PROXIES
