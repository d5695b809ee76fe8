"""Whether somebody's data is gone, by what was signed for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.integrations import Cipher
from jobs.opt_out_data_cleanup.params import OptOutReport, Proof
from jobs.opt_out_data_cleanup.tally import is_signed, tallies_of

if TYPE_CHECKING:
    from common.documents import Document, Documents

__all__ = ["prove"]


def prove(documents: Documents, user: str) -> OptOutReport:
    """The tallies of a user, by its id; no success without a sound one."""
    cipher = Cipher.from_environ()
    proofs = [_proof(each, cipher) for each in tallies_of(documents, cipher, user)]
    sound = sum(each.is_signed for each in proofs)
    return OptOutReport(
        success=bool(proofs) and sound == len(proofs),
        message=f"{len(proofs)} tallies say that the data is gone; {sound} of them are signed.",
        proofs=proofs,
    )


def _proof(tally: Document, cipher: Cipher) -> Proof:
    counts = dict(tally.data["counts"])
    blobs = counts.pop("blobs", 0)
    return Proof(
        id=tally.id,
        opted_out=tally.data["opted_out"],
        ended=tally.data["ended"],
        documents_count=sum(counts.values()),
        blobs_count=blobs,
        is_signed=is_signed(cipher, tally),
    )
