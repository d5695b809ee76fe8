"""Measures extraction: python -m benchmarks.extraction made | zugferd FOLDER | ... [--part test]"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.extraction import invoice2data, sroie, zugferd
from benchmarks.extraction.calibrate import curves, raw_scores, reliability
from benchmarks.extraction.judge import Verdict
from benchmarks.extraction.made.make import made
from benchmarks.extraction.run import Count, Measured, measure, read_file
from benchmarks.extraction.sample import Sample

SOURCES = ("made", "scans", "zugferd", "invoice2data", "sroie", "calibrate")


def main() -> None:
    asked = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        if asked.source == "calibrate":
            _calibrate(asked.folders, Path(folder))
        else:
            _show(_measured(asked, Path(folder)), groups=asked.groups, misses=asked.misses)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extraction", description=__doc__)
    parser.add_argument("source", choices=SOURCES)
    parser.add_argument("folders", nargs="*", type=Path, help="where the public samples are")
    parser.add_argument("--part", choices=("dev", "test"), default="test")
    parser.add_argument("--whole", action="store_true", help="all of the folder is of this part")
    parser.add_argument("--looked-at", type=Path, help="whose invoices of dev are none of test")
    parser.add_argument("--rounds", type=int, default=2, help="of made documents; 2")
    parser.add_argument("--groups", action="store_true", help="also by language and format")
    parser.add_argument("--misses", action="store_true", help="what was not right; not for test")
    return parser.parse_args()


def _measured(asked: argparse.Namespace, folder: Path) -> Measured:
    if asked.source in {"made", "scans"}:
        samples = made(folder, asked.part, asked.rounds, scans=asked.source == "scans")
        return measure(one for one in samples if _is_scan(one) == (asked.source == "scans"))
    found = (one for place in asked.folders for one in _public(asked, place))
    wanted = (one for one in found if one.part == asked.part)
    if asked.source == "sroie":
        return measure(wanted, lambda sample: sroie.document(sample.file))
    return measure(wanted, read_file)


def _public(asked: argparse.Namespace, folder: Path) -> Iterator[Sample]:
    if asked.source == "zugferd":
        return zugferd.samples(folder, asked.part if asked.whole else "", asked.looked_at)
    return {"invoice2data": invoice2data.samples, "sroie": sroie.samples}[asked.source](folder)


def _is_scan(sample: Sample) -> bool:
    return sample.file.suffix in {".png", ".jpg"}


def _show(measured: Measured, *, groups: bool, misses: bool) -> None:
    print("| field | n | precision | recall | F1 |\n|---|---|---|---|---|")
    for name, count in sorted(measured.fields.items()):
        print(_row(name, count))
    print(_row("**all**", measured.all))
    if groups:
        print("\n| group | n | precision | recall | F1 |\n|---|---|---|---|---|")
        for name, count in sorted(measured.groups.items()):
            print(_row(name, count))
    print("\n| confidence | findings | mean | right |\n|---|---|---|---|")
    for between, count, mean, right in reliability(one for _, one in measured.verdicts):
        print(f"| {between} | {count} | {mean:.2f} | {right:.2f} |")
    each = measured.seconds / max(1, measured.pages) * 1000
    print(f"\n{measured.documents} documents, {measured.pages} pages, {each:.1f} ms a page.")
    if measured.others:
        print(f"{len(measured.others)} left out, whose truth is of another paper.")
    for name, one in measured.verdicts if misses else ():
        if not one.right:
            print(f"{name[-50:]} {one.field}: {one.expected!r} {one.found!r} {one.confidence}")


def _row(name: str, count: Count) -> str:
    shares = (count.precision, count.recall, count.f1)
    return f"| {name} | {count.expected} | " + " | ".join(f"{one:.2f}" for one in shares) + " |"


def _calibrate(folders: list[Path], folder: Path) -> None:
    """On `dev` of what is made and of public folders: ZUGFeRD's, invoice2data's, SROIE's."""
    weighed: list[tuple[Verdict, float]] = []
    with raw_scores():
        weighed += [(one, 0.25) for _, one in measure(made(folder, "dev")).verdicts]
        for place in folders:
            weighed += [(one, 1.0) for _, one in _dev(place).verdicts]
    for group, curve in curves(weighed).items():
        print(f"{group!r}: {tuple(curve)},")


def _dev(folder: Path) -> Measured:
    if (folder / "data" / "box").is_dir():
        found = (one for one in sroie.samples(folder) if one.part == "dev")
        return measure(found, lambda sample: sroie.document(sample.file))
    both = (*invoice2data.samples(folder), *zugferd.samples(folder))
    return measure(one for one in both if one.part == "dev")


if __name__ == "__main__":
    main()
