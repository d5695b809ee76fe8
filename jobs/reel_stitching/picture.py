"""The picture of one clip, made as all of the reel are to be: ffmpeg's arguments for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jobs.reel_stitching.looking import Look
    from jobs.reel_stitching.shape import Shape

__all__ = ["ENCODED", "LOSSLESS", "crossed", "encoded", "filters"]

HIGH = 720
"""Lines from which on a picture that does not say its colours has those of HD."""
HDR = {16, 18}
"""The transfers PQ and HLG."""
MATRICES = {1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 9: "bt2020"}
HD = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
DARKER = (
    "zscale=transfer=linear:npl=203,format=gbrpf32le,zscale=primaries=bt709,"
    "tonemap=tonemap=hable:desat=0,zscale=transfer=bt709:matrix=bt709:range=tv"
)

# Two threads for each of two films: the last one has both processors to itself.
X264 = "-c:v libx264 -preset veryfast -crf 20 -profile:v high -pix_fmt yuv420p -threads:v 2"
PLAIN = "-an -sn -dn -map_metadata -1 -map_chapters -1 -fflags +bitexact -flags:v +bitexact"
ENCODED = f"{X264} {PLAIN} -fps_mode:v passthrough"
"""How all of the reel is encoded: films that are to be joined agree to the last bit of this."""
LOSSLESS = f"-c:v libx264 -preset ultrafast -qp 0 {PLAIN} -fps_mode:v passthrough -f mp4 -y"
"""How frames are kept that are yet to be faded."""
SLOWEST_CLOCK = 10_000


def filters(look: Look, shape: Shape, fit: str, frames: int) -> list[str]:
    """From the clip's own frames to so many of the reel's."""
    size = f"{shape.width}:{shape.height}"
    grow = "decrease" if fit == "letterbox" else "increase"
    fill = f"pad={size}:-1:-1:color=black" if fit == "letterbox" else f"crop={size}"
    even = f"force_original_aspect_ratio={grow}:force_divisible_by=2:reset_sar=1"
    return [
        f"setpts=PTS-STARTPTS,fps=fps={shape.rate}:start_time=0",
        f"scale={size}:flags=bicubic:{even}:{_colours(look)}",
        *([DARKER] if look.colour and look.colour[1] in HDR else []),
        fill,
        "format=yuv420p",
        "setsar=1",
        HD,
        # What rounding takes from its last frame is given back.
        "tpad=stop=-1:stop_mode=clone",
        f"trim=end_frame={frames}",
    ]


def encoded(shape: Shape) -> list[str]:
    """The options of the encoder, up to the file's name."""
    rate = shape.rate
    clock = rate.numerator * -(-SLOWEST_CLOCK // rate.numerator)
    keys = round(2 * rate)
    return [
        *ENCODED.split(),
        *("-g", str(keys), "-video_track_timescale", str(clock), "-f", "mp4", "-y"),
    ]


def crossed(tail: Path, head: Path, frames: int, shape: Shape) -> Sequence[str]:
    """The arguments that fade one raw film of so many frames into another."""
    seconds = float(frames / shape.rate)
    fade = f"[0:v][1:v]xfade=transition=fade:duration={seconds:.6f}:offset=0,{HD}"
    return [
        *("-v", "error", "-i", f"file:{tail}", "-i", f"file:{head}"),
        *("-filter_complex", f"{fade},trim=end_frame={frames}[out]", "-map", "[out]"),
        *encoded(shape),
    ]


def _colours(look: Look) -> str:
    """Colours are taken as what they say they are, or else as players take them."""
    if look.colour and look.colour[1] in HDR:
        return "in_range=auto"
    said = MATRICES.get(look.colour[2]) if look.colour else None
    matrix = said or ("bt709" if look.height >= HIGH else "smpte170m")
    return f"in_color_matrix={matrix}:out_color_matrix=bt709:out_range=tv"
