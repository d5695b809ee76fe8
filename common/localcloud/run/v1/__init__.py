"""Version 1 of Cloud Run's API, which gcloud speaks: version 2's jobs in Kubernetes' words.

Nothing is kept here. What is asked is put into version 2's words, and its answers into version 1's.
"""

from __future__ import annotations

from common.localcloud.run.v1.routes import rpcs
from common.localcloud.run.v1.service_calls import service_rpcs

__all__ = ["rpcs", "service_rpcs"]
