"""A store as an application may leave it after two years: what `make maintenance-demo` tidies."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from common.automations import Automation, Automations, Template, Trigger
from common.blobs import Blobs
from common.data.artifacts import ARTIFACTS, artifact_data, artifact_id
from common.data.creations import CREATIONS
from common.data.extraction_jobs import EXTRACTION_JOBS, extraction_job_data
from common.data.usage import (
    USAGE_COUNTERS,
    USAGE_EVENTS,
    counter_data,
    counter_id,
    event_data,
)
from common.data.users import USERS, user_data
from common.documents import MAX_WRITES, Create, Documents
from common.ids import random_id
from common.integrations import Integrations
from tests.services.google import Google
from tests.services.google.gmail import READ, Gmail

__all__ = ["TOPIC", "Store"]

TOPIC = "projects/demo/topics/gmail"
METER = "pages"
ZONES = (
    *("UTC", "Europe/Berlin", "Europe/Lisbon", "America/New_York", "America/Los_Angeles"),
    *("America/Sao_Paulo", "Asia/Tokyo", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Sydney"),
    *("Pacific/Auckland", "Pacific/Apia", "Pacific/Honolulu", "Africa/Nairobi"),
)
_USERS, _TENANTS = 240, 60
_LEFT, _GRACE = 6, 2
"""Users who opted out some weeks ago, and just now."""
_WATCHED = 12
_MONTH = timedelta(days=30.44)


class Store:
    """Fills documents and blobs. All that is drawn by lot is the same each time."""

    def __init__(self, documents: Documents, blobs: Blobs, google: Google, gmail: Gmail) -> None:
        self._documents, self._blobs = documents, blobs
        self._google, self._gmail = google, gmail
        self._now = documents.now()
        self._rng = random.Random(6)  # noqa: S311 - no secret
        self._users = [f"u{number:04}" for number in range(_USERS)]

    def fill(self, folder: Path) -> None:
        """Do so; `folder` is where the blobs' files are, to make them look old."""
        self._write(self._all_users())
        self._write(self._counters())
        self._write(self._events())
        self._write(self._jobs())
        self._write(self._artifacts())
        self._write(self._creations())
        for number in range(_WATCHED):
            self._watch(number)
        for user in self._users[: _LEFT + _GRACE]:
            self._blob(f"tenants/{self._tenant(user)}/users/{user}/notes.txt")
        _age(folder, self._now - timedelta(days=40))

    def _write(self, creates: Iterator[Create]) -> None:
        every = [*creates]
        for at in range(0, len(every), MAX_WRITES):
            self._documents.commit(every[at : at + MAX_WRITES])

    def _tenant(self, user: str) -> str:
        """Some tenants are one user, and some are several."""
        return f"tenant-{int(user[1:]) % _TENANTS}"

    def _whose(self, user: str) -> dict[str, Any]:
        return {"tenant": self._tenant(user), "user": user}

    def _all_users(self) -> Iterator[Create]:
        for number, user in enumerate(self._users):
            zone = ZONES[number % len(ZONES)]
            opted_out = self._opted_out(number)
            more: dict[str, Any] = {} if opted_out is None else {"opted_out": opted_out}
            if number % 3 == 0:
                more |= {"plan": "paid", "stripe_customer": f"cus_{number}"}
            created = self._now - timedelta(days=self._rng.randrange(40, 720))
            end = _midnight(self._now - timedelta(days=self._rng.randrange(-20, 10)), zone)
            start = _midnight(end - _MONTH, zone)
            period = start.astimezone(ZoneInfo(zone)).date().isoformat()
            anchor = {"anchor_day": end.astimezone(ZoneInfo(zone)).day}
            times = {"period_start": start, "period_end": end, "period": period}
            data = user_data(
                created=created,
                tenant=self._tenant(user),
                email=f"{user}@mail.example",
                time_zone=zone,
                **{**anchor, **times, **more},
            )
            yield Create(USERS, user, data)

    def _opted_out(self, number: int) -> datetime | None:
        if number >= _LEFT + _GRACE:
            return None
        return self._now - timedelta(days=20 if number < _LEFT else 2)

    def _counters(self) -> Iterator[Create]:
        """Of each user one a month, for up to two years."""
        for user in self._users:
            whose = self._whose(user)
            for month in range(self._rng.randrange(2, 24)):
                end = self._now - _MONTH * month
                period = (end - _MONTH).date().isoformat()
                data = counter_data(
                    **whose, metric=METER, period=period, period_end=end, used=month * 7
                )
                yield Create(USAGE_COUNTERS, counter_id(*whose.values(), METER, period), data)

    def _events(self) -> Iterator[Create]:
        """Of the users who pay: most of it is reported, the last of it is not yet."""
        for number, user in [*enumerate(self._users)][::3]:
            for state, days in (("reported", 12), ("reported", 5), ("unreported", 0.2)):
                if state == "unreported" and number % 2:
                    continue
                data = event_data(
                    **self._whose(user),
                    metric=METER,
                    quantity=self._rng.randrange(1, 90),
                    at=self._now - timedelta(days=days),
                    customer=f"cus_{number}",
                    event_name=METER,
                )
                sent = {} if state == "unreported" else {"reported_at": data["at"]}
                yield Create(USAGE_EVENTS, random_id(), {**data, **sent, "state": state})

    def _jobs(self) -> Iterator[Create]:
        """Half of them were never started; some of those were set up just now."""
        for number, user in enumerate(self._users[:120]):
            id, whose = random_id(), self._whose(user)
            folder = f"tenants/{whose['tenant']}/uploads/{id}"
            created = self._now - timedelta(days=1 if number % 10 == 0 else 30)
            data = extraction_job_data(**whose, created=created, folder=folder)
            started = {"state": "done", "started": created}
            yield Create(EXTRACTION_JOBS, id, {**data, **(started if number % 2 else {})})
            self._blob(f"{folder}/invoices.zip", size=2_000)

    def _artifacts(self) -> Iterator[Create]:
        """A third has expired; of some only the document is left, of others only the blobs."""
        for number, user in enumerate(self._users[:90]):
            run = random_id()
            days = 45 if number % 3 == 0 else 12
            if number % 15 != 7:
                for file in range(3):
                    self._blob(f"runs/{run}/files/{file}.pdf", size=900)
            if number % 15 != 8:
                data = artifact_data(
                    **self._whose(user),
                    run=run,
                    folder=f"runs/{run}/files",
                    created=self._now - timedelta(days=days),
                    files=3,
                    bytes=2_700,
                )
                yield Create(ARTIFACTS, artifact_id(run), data)

    def _creations(self) -> Iterator[Create]:
        for user in self._users[:40]:
            yield Create(CREATIONS, random_id(), {**self._whose(user), "status": "completed"})

    def _watch(self, number: int) -> None:
        """A mailbox that ends being watched soon, or not, or that no automation needs."""
        user = self._users[number * 2]
        whose, account = self._whose(user), f"{user}@mail.example"
        integrations = Integrations(self._documents)
        secret = self._google.oauth.grant(account, READ)
        made = integrations.save(**whose, secret=secret, account=account, scopes=[READ])
        ends = self._now + timedelta(days=6 if number % 4 == 3 else 1)
        watch = {"history": "1000", "expires": ends.isoformat(), "topic": TOPIC}
        integrations.note(made, watch=watch)
        until = self._now + timedelta(days=7)
        self._gmail.mailbox(account).expiration = int(until.timestamp() * 1000)
        if number == _WATCHED - 4:
            self._google.oauth.revoke(account)
        if number % 5 != 4:
            template = Template(sources=("gmail:",), schema="invoice")
            automation = Automation(**whose, name="Invoices", template=template, trigger=Trigger())
            Automations(self._documents).save(automation)

    def _blob(self, path: str, *, size: int = 100) -> None:
        self._blobs.write(path, bytes(size))


def _midnight(time: datetime, zone: str) -> datetime:
    local = time.astimezone(ZoneInfo(zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _age(folder: Path, time: datetime) -> None:
    """Have all files be of then."""
    for path in _files(folder):
        os.utime(path, (time.timestamp(), time.timestamp()))


def _files(folder: Path) -> Sequence[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
