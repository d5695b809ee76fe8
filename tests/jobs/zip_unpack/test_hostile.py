"""Whatever bytes come: a reason in a sentence, no more memory than is due, nothing elsewhere.

Row 26 of the faults. CHAOS=1 makes it many times as many flips.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

from jobs.zip_unpack.errors import BadArchive
from tests.chaos.counts import trials
from tests.jobs.zip_unpack.crafted import DEFLATED, Item, crafted, deflated
from tests.jobs.zip_unpack.test_unpacking import Forward, read_all, zipped
from tests.jobs.zip_unpack.world import why

MIB = 1 << 20
FLIPS = trials(4_000, 100_000)
LIMIT = 256
"""MiB."""
CHILD = Path(__file__).with_name("plugin") / "measured.py"


def seeds() -> list[bytes]:
    """Sound archives of several kinds."""
    members = {"a/b.txt": b"hello" * 20, "c": bytes(range(256)), "日本": b""}
    stream = Forward()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    kinds = [zipped(members, method) for method in (0, 8, 12, 14)]
    return [*kinds, bytes(stream.written), crafted("a", "b", zip64=True)]


def flipped(seed: bytes, dice: random.Random) -> bytes:
    found = bytearray(seed)
    for _ in range(dice.choice((1, 1, 2, 8))):
        at = dice.randrange(len(found))
        found[at] = dice.choice((0, 0xFF, found[at] ^ 1 << dice.randrange(8), dice.randrange(256)))
    if dice.random() < 0.2:
        del found[dice.randrange(len(found)) :]
    if dice.random() < 0.1:
        at = dice.randrange(len(found) + 1)
        found[at:at] = dice.randbytes(dice.randrange(50))
    return bytes(found)


def test_archives_with_any_bytes_changed_are_read_or_refused_in_a_sentence():
    dice, originals, refused = random.Random(4), seeds(), 0  # noqa: S311
    for trial in range(FLIPS):
        archive = flipped(originals[trial % len(originals)], dice)
        try:
            read_all(archive)
        except BadArchive:  # and no other error
            refused += 1
    assert 0.5 < refused / FLIPS < 1


def test_runs_of_such_archives_leave_nothing_outside_of_their_own_places(world):
    dice, originals = random.Random(5), seeds()  # noqa: S311
    for trial in range(20):
        archive = flipped(originals[trial % len(originals)], dice)
        source = world.keep(archive)
        before = world.everything
        run = world.run(source, on_bad=dice.choice(("fail", "skip")))
        new = world.everything - before
        if run.error:
            assert not run.error.trace, run.error.trace
            assert new == set()
        else:
            assert run.result, why(run)
            assert all(path.startswith(f"runs/{run.id}/") for path in new)
    assert {path.name for path in world.folder.iterdir()} == {"home"}


def zeros(mebibytes: int) -> bytes:
    """So many of them, deflated: a block that can be repeated, and an end."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * mebibytes + deflated(b"")


def many(count: int) -> bytes:
    """As many members, all of them encrypted, with long names."""
    items = [Item(name=f"{n % 100:050}/{n:050}", flags=1) for n in range(count)]
    return crafted(*items)


def corpus() -> dict[str, tuple[bytes, dict[str, object]]]:
    """Archives that mean to fill the memory, and the params with which they nearly may."""
    bomb = zeros(LIMIT + 16)
    content = bytes(MIB)
    lies = Item(name="x", content=content, data=bomb, method=DEFLATED, size=200_000, crc=0)
    huge = Item(name="x", content=b"", data=bomb, method=DEFLATED, size=(LIMIT + 16) * MIB, crc=1)
    packed = deflated(content)
    overlaps = [
        Item(name=str(n), content=content, data=packed, method=DEFLATED, offset=0)
        for n in range(999)
    ]
    lzma = b"\x09\x04\x05\x00\x5d" + (1 << 31).to_bytes(4, "little") + bytes(50)
    inner = zipped({"zeros": bytes(30 * MIB)}, compresslevel=9)
    return {
        "a size that lies": (crafted(lies), {}),
        "a bomb that is let in": (crafted(huge), {"max_ratio": 5_000}),
        "overlaps": (crafted(*overlaps), {}),
        "memory for LZMA": (crafted(Item(name="x", method=14, data=lzma)), {}),
        "bombs within": (
            zipped({f"{n}.zip": inner for n in range(50)}),
            {"nested": 1, "max_ratio": 2_000},
        ),
        "folders in folders": (crafted(*(f"{n}" + "/a" * 480 for n in range(2_000))), {}),
        "entries beyond the limit": (crafted("a", zip64=True, count=100_001), {}),
        "entries up to the limit": (many(60_000), {"on_bad": "skip"}),
    }


def measured(folder: Path) -> dict[str, tuple[str, float]]:
    """What a process of its own says of each: its error and, in MiB, the most memory it had."""
    cases = corpus()
    for number, (archive, params) in enumerate(cases.values()):
        (folder / f"{number}.zip").write_bytes(archive)
        (folder / f"{number}.json").write_text(json.dumps(params))
    home = str(folder / "home")
    path = os.pathsep.join([str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, str(CHILD), *(str(folder / f"{n}.zip") for n in range(len(cases)))],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": path, "RUNJOBS_HOME": home},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(cases, map(json.loads, done.stdout.splitlines()), strict=True))


REASONS = {
    "a size that lies": "more bytes than the directory says",
    "a bomb that is let in": "its checksum is another",
    "overlaps": "overlap another member's",
    "memory for LZMA": "asks for 2,147,483,648 bytes of memory",
    "bombs within": "a bomb, by the limit 2000",
    "folders in folders": "more than 100,000 folders",
    "entries beyond the limit": "100,001 members, of at most 100,000",
    "entries up to the limit": "",
}


def test_archives_that_mean_to_fill_the_memory_do_not(tmp_path):
    found = measured(tmp_path)
    assert found.keys() == REASONS.keys()
    for case, (error, peak) in found.items():
        assert REASONS[case] in error, case
        assert bool(error) == bool(REASONS[case]), (case, error)
        assert peak <= LIMIT, f"{case}: {peak:.0f} MiB"
