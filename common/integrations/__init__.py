"""Users' accounts elsewhere: what they let us do there, kept encrypted.

integration: the consent of one user of one tenant to act at a provider, such as google
secret: what acting needs, such as a refresh token; in the documents it is encrypted
account: whom the user is there, such as an e-mail address
needs reauth: the provider takes the secret no more; only the user can help, by consenting again
"""

from __future__ import annotations

from common.integrations.cipher import Cipher, Undecipherable
from common.integrations.errors import NeedsReauth, NoSuchIntegration
from common.integrations.integration import COLLECTION, Integration
from common.integrations.integrations import Integrations
from common.integrations.rotating import Rotated

__all__ = [
    "COLLECTION",
    "Integration",
    "Integrations",
    # secrets
    "Cipher",
    "Rotated",
    "Undecipherable",
    # errors
    "NeedsReauth",
    "NoSuchIntegration",
]
