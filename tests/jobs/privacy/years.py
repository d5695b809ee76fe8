"""An application, day by day: users come, use things, set up jobs, and some of them opt out."""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from common.automations import Automation, Automations, Template, Trigger
from common.data.artifacts import artifact_data, artifact_id
from common.data.extraction_jobs import extraction_job_data
from common.data.usage import counter_data, counter_id, event_data
from common.data.users import user_data, user_of
from common.documents import Create, Update
from common.ids import random_id
from jobs.free_user_period_reset.periods import period_at
from tests.jobs.gmail.world import World

__all__ = ["METER", "ZONES", "Application"]

METER = "pages"
ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "America/Santiago", "Asia/Kathmandu"),
    *("Australia/Lord_Howe", "Pacific/Apia", "Pacific/Niue", "Africa/Casablanca"),
)
DAY = timedelta(days=1)


class Application:
    """Writes what an application writes, and remembers what has to be there."""

    def __init__(self, world: World, begin: datetime, seed: int) -> None:
        self.world, self.documents = world, world.documents
        self.now = begin
        self.rng = random.Random(seed)  # noqa: S311 - the same each time
        self.users: dict[str, bool] = {}
        """Who there is, and whether they pay."""
        self.opted: dict[str, datetime] = {}
        self.used: Counter[str] = Counter()
        """By the ids of counters."""
        self.counters: dict[str, tuple[str, datetime]] = {}
        """Whose each is, and when its period ends."""
        self.charged: Counter[str] = Counter()
        """By customers."""
        self.folders: dict[str, datetime] = {}
        """Of jobs that nobody starts, and of artifacts: when they are to be gone."""
        world.documents.now = lambda: self.now

    def day(self) -> None:
        """What happens on one of them."""
        if self.rng.random() < 0.1 or self.now.day >= 29:
            self.join()
        for user in [*self.users]:
            if user not in self.opted and self.rng.random() < 0.2:
                self.use(user)
        if self.rng.random() < 0.4:
            self.set_up()
        if self.rng.random() < 0.15 and len(self.users) > len(self.opted) + 4:
            self.opt_out()

    def join(self) -> None:
        """A new user, in the first period, and perhaps with a mailbox that is to be watched."""
        number = len(self.users)
        user, zone = f"u{number}", ZONES[number % len(ZONES)]
        pays = number % 3 == 0
        period = period_at(self.now, ZoneInfo(zone), self.now.astimezone(ZoneInfo(zone)).day)
        times = {"period_start": period.start, "period_end": period.end, "period": period.label}
        paying = {"plan": "paid", "stripe_customer": f"cus_{number}"} if pays else {}
        data = user_data(
            created=self.now, tenant=self.tenant(user), time_zone=zone, **times, **paying
        )
        self._create("users", user, data)
        self.users[user] = pays
        if number % 4 == 1:
            self._connect(user)

    @staticmethod
    def tenant(user: str) -> str:
        return f"t{int(user[1:]) % 7}"

    def use(self, user: str) -> None:
        """Count it, in the period that the user's document names; and have it charged."""
        found = self.documents.get("users", user)
        known = user_of(found)
        whose = {"tenant": known.tenant, "user": user}
        id = counter_id(known.tenant, user, METER, known.period)
        self._count(id, whose, known.period, known.period_end)
        self.used[id] += 1
        if self.users[user]:
            customer = known.stripe_customer
            data = event_data(
                **whose,
                metric=METER,
                quantity=2,
                at=self.now,
                customer=customer,
                event_name=METER,
            )
            self._create("usage_events", random_id(), data)
            self.charged[customer] += 2

    def set_up(self) -> None:
        """A job that somebody starts or nobody does; and an artifact, which is kept for a while."""
        user = self.rng.choice([each for each in self.users if each not in self.opted])
        whose, id = {"tenant": self.tenant(user), "user": user}, random_id()
        folder = f"tenants/{whose['tenant']}/uploads/{id}"
        data = extraction_job_data(**whose, created=self.now, folder=folder)
        starts = self.rng.random() < 0.5
        self._create("extraction_jobs", id, {**data, "state": "started"} if starts else data)
        self._blob(f"{folder}/a.zip")
        if not starts:
            self.folders[folder] = self.now + 8 * DAY
        run, expires = random_id(), self.now + 10 * DAY
        artifact = artifact_data(
            **whose,
            run=run,
            folder=f"runs/{run}/files",
            created=self.now,
            files=1,
            bytes=1,
            expires=expires,
        )
        self._create("artifacts", artifact_id(run), artifact)
        self._blob(f"runs/{run}/files/b.txt")
        self.folders[f"runs/{run}/files"] = expires

    def opt_out(self) -> None:
        user = self.rng.choice([each for each in self.users if each not in self.opted])
        found = self.documents.get("users", user)
        self.documents.commit([Update("users", user, {"opted_out": self.now}, found.version)])
        self.opted[user] = self.now

    def extend(self) -> None:
        """Have Gmail promise seven days from now."""
        for mailbox in self.world.gmail.mailboxes.values():
            mailbox.expiration = int((self.now + 7 * DAY).timestamp() * 1000)

    def _connect(self, user: str) -> None:
        account = f"{user}@mail.example"
        self.world.connect(account, tenant=self.tenant(user), user=user)
        template = Template(sources=("gmail:",), schema="invoice")
        named = {"tenant": self.tenant(user), "user": user, "name": "A"}
        automation = Automation(**named, template=template, trigger=Trigger())
        Automations(self.documents).save(automation)

    def _count(self, id: str, whose: Any, period: str, end: datetime) -> None:
        found = self.documents.get("usage_counters", id)
        if found is None:
            data = counter_data(**whose, metric=METER, period=period, period_end=end, used=1)
            self._create("usage_counters", id, data)
        else:
            data = {"used": found.data["used"] + 1}
            self.documents.commit([Update("usage_counters", id, data, found.version)])
        self.counters[id] = whose["user"], end

    def _create(self, collection: str, id: str, data: Any) -> None:
        self.documents.commit([Create(collection, id, data)])

    def _blob(self, path: str) -> None:
        self.world.blobs.write(path, b"x")
        file = self.world.folder / "blobs" / path
        os.utime(file, (self.now.timestamp(), self.now.timestamp()))


def local(time: datetime, zone: str) -> datetime:
    """What clocks show there."""
    return time.astimezone(UTC).astimezone(ZoneInfo(zone))
