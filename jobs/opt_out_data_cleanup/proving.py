"""Whether somebody's data is gone, by what was signed for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.integrations import Cipher
from common.words import several
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
        message=_sentence(len(proofs), sound),
        proofs=proofs,
    )


def _sentence(proofs: int, sound: int) -> str:
    if not proofs:
        return "No tally says that data of such a user was removed."
    told = f"{several(proofs, 'removal')} of the user's data by the tallies"
    unsound = proofs - sound
    return f"{told}, {f'{unsound:,} of them without a sound signature' if unsound else 'signed'}."


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
