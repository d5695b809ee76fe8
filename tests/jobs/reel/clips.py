"""Small clips to join, and what can be read from a reel: its pictures, its sound.

Frame n of a clip is one even colour: its brightness tells n, its hue which clip it is of. So a
picture that is doubled, missing, or of another clip is told from its neighbours.
"""

from __future__ import annotations

import subprocess
from array import array
from dataclasses import dataclass
from pathlib import Path

from common.media.ffmpeg import executable

__all__ = ["HUES", "ONSET", "STEP", "Frame", "frames", "heard", "make", "onsets", "raw", "spoilt"]

HUES = {"a": (112, 144), "b": (144, 112), "c": (112, 112), "d": (128, 128)}
DARKEST, STEP = 60, 4
"""Blue and red of each clip, as video has them."""
ONSET = 0.5
"""The second of each clip with which its tone begins."""
PLAIN = "-c:v libx264 -preset ultrafast -qp 8 -bf 2 -g 15 -pix_fmt yuv420p"
X264 = PLAIN.split()
AAC = ["-c:a", "aac", "-b:a", "96k"]


@dataclass(frozen=True, slots=True)
class Frame:
    """One even picture."""

    bright: int
    blue: int
    red: int

    @property
    def clip(self) -> str:
        """Which clip's hue it has."""
        return min(HUES, key=lambda name: self._apart(*HUES[name]))

    @property
    def number(self) -> int:
        """Which frame of its clip it is."""
        return round((self.bright - DARKEST) / STEP)

    def _apart(self, blue: int, red: int) -> int:
        return abs(self.blue - blue) + abs(self.red - red)


def picture(hue: str, size: str = "160x90", rate: float = 30, seconds: float = 1) -> list[str]:
    blue, red = HUES[hue]
    even = f"color=black:s={size}:r={rate}:d={seconds},format=yuv420p"
    return ["-f", "lavfi", "-i", f"{even},geq=lum='{DARKEST}+{STEP}*N':cb={blue}:cr={red}"]


def tone(pitch: int, loud: float = 0.3, rate: int = 48_000, seconds: float = 1) -> list[str]:
    wave = f"aevalsrc=gte(t\\,{ONSET})*{loud}*sin({pitch}*2*PI*t):s={rate}:d={seconds}"
    return ["-f", "lavfi", "-i", wave]


def make(folder: Path) -> None:
    """All clips, by one ffmpeg: it is to start that takes the time."""
    inputs = [
        *(*picture("a"), *tone(440)),
        *(*picture("b"), *tone(660, loud=0.03)),
        *(*picture("c", seconds=1.1), *tone(880, seconds=1.1)),
        *(*picture("d", "96x96", 25, 0.8), *tone(550, rate=44_100)),
    ]
    outputs = [
        *("-map", "0:v", "-map", "1:a", *X264, *AAC, "a.mp4"),
        *("-map", "2:v", "-map", "3:a", *X264, *AAC, "b.mp4"),
        *("-map", "4:v", "-map", "5:a", *X264, *AAC, "c.mp4"),
        *("-map", "6:v", *X264, "silent-square.mp4"),
        *("-map", "0:v", "-map", "1:a", *X264, *AAC, "a.mkv"),
        *("-map", "2:v", "-map", "3:a", *X264, *AAC, "-movflags", "+frag_keyframe", "frag.mp4"),
        *("-map", "0:v", *X264, "-crf", "23", "-pix_fmt", "yuv444p", "fuller.mp4"),
        *("-map", "0:v", *X264, "a-silent.mp4"),
        *("-map", "0:v", "-frames:v", "1", *X264, "one.mp4"),
        *("-map", "2:v", "-r", "25", *X264, "slower.mp4"),
        *("-map", "1:a", *AAC, "only-sound.m4a"),
        *("-map", "1:a", "music.flac"),
    ]
    argv = [executable(), "-v", "error", "-y", *inputs, *outputs]
    subprocess.run(argv, check=True, cwd=folder, stdin=subprocess.DEVNULL)
    turn = ["-display_rotation", "90", "-i", "b.mp4", "-c", "copy", "turned.mp4"]
    subprocess.run([executable(), "-v", "error", "-y", *turn], check=True, cwd=folder)
    whole = (folder / "a.mp4").read_bytes()
    (folder / "cut-short.mp4").write_bytes(whole[: len(whole) // 2])
    (folder / "empty.mp4").write_bytes(b"")
    (folder / "words.mp4").write_text("no film at all\n" * 20)
    (folder / "playlist.mp4").write_text(f"#EXTM3U\n#EXTINF:1,\nfile://{folder}/a.mp4\n")


def spoilt(clip: Path, path: Path) -> Path:
    """The clip with its tables, and nothing in its frames."""
    data = bytearray(clip.read_bytes())
    begin, end = data.index(b"mdat") + 200, data.index(b"moov") - 200
    data[begin:end] = bytes(end - begin)
    path.write_bytes(data)
    return path


def raw(path: Path, *arguments: str) -> bytes:
    argv = [executable(), "-v", "error", "-i", f"file:{path}", *arguments, "-"]
    done = subprocess.run(argv, check=True, capture_output=True)
    assert not done.stderr, done.stderr  # a decoder that stumbles says so
    return done.stdout


def frames(path: Path, crop: str = "crop=iw/8:ih/8") -> list[Frame]:
    """The middle of each picture, as one colour."""
    form = ["-map", "0:v", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "yuv444p"]
    data = raw(path, "-vf", f"{crop},scale=1:1:flags=area", *form)
    return [Frame(*data[at : at + 3]) for at in range(0, len(data), 3)]


def heard(path: Path) -> array[int]:
    """Its sound, 48,000 samples a second of one channel."""
    return array("h", raw(path, "-map", "0:a", "-f", "s16le", "-ac", "1", "-ar", "48000"))


def onsets(samples: array[int], level: int = 200) -> list[float]:
    """The seconds at which a sound begins after a fifth of a second without."""
    found, quiet = [], 10_000
    for index, sample in enumerate(samples):
        if abs(sample) < level:
            quiet += 1
            continue
        if quiet >= 48_000 // 5:
            found.append(index / 48_000)
        quiet = 0
    return found
