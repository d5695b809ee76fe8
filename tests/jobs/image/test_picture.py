"""Bytes that somebody else sent: a picture and no more, or an error."""

from __future__ import annotations

import pytest
from PIL import Image, ImageCms

from jobs.image_generation import picture as module
from jobs.image_generation.errors import BadPicture
from jobs.image_generation.picture import opened, small, write
from tests.jobs.image.pictures import bomb, encoded

PNG = encoded()


@pytest.mark.parametrize(
    ("data", "mode"),
    [
        (PNG, "RGB"),
        (encoded("JPEG", quality=95), "RGB"),
        (encoded("WEBP", lossless=True), "RGB"),
        (encoded(mode="P", size=(40, 30)), "RGB"),
        (encoded(mode="RGBA"), "RGB"),
        (encoded("JPEG", mode="CMYK", quality=95), "RGB"),
    ],
)
def test_a_picture_of_any_kind_is_opened_with_its_colours(data, mode):
    found = opened(data)
    assert (found.mode, found.size) == (mode, (40, 30))
    red, blue = found.getpixel((5, 15)), found.getpixel((35, 15))
    assert red[0] > 140 > red[2]
    assert blue[2] > 140 > blue[0]


def test_what_is_transparent_stays_so():
    see_through = Image.new("RGBA", (8, 8), (10, 20, 30, 40))
    found = opened(_saved(see_through))
    assert (found.mode, found.getpixel((0, 0))) == ("RGBA", (10, 20, 30, 40))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>an error page</html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + b"\0" * 100,
        b"%PDF-1.7",
        PNG[:-40],
        PNG[:20],
        PNG[:60] + b"\xff" * 40 + PNG[100:],
        encoded("JPEG")[:200],
        encoded("WEBP")[:40],
        b"\0" * 1_000,
    ],
)
def test_what_is_no_whole_picture_is_said_to_be_none(data):
    with pytest.raises(BadPicture, match="no whole PNG, JPEG or WebP"):
        opened(data)


@pytest.mark.parametrize("size", [(60_000, 60_000), (12_000, 9_000), (7_000, 6_000)])
def test_a_bomb_is_not_opened(size):
    data = bomb(*size)
    assert len(data) < 5_000
    with pytest.raises(BadPicture):
        opened(data)


def test_too_many_bytes_are_not_looked_at(monkeypatch):
    monkeypatch.setattr(module, "_BYTES", len(PNG) - 1)
    with pytest.raises(BadPicture, match="bytes"):
        opened(PNG)


def test_nothing_but_the_pixels_is_kept(tmp_path):
    exif = Image.Exif()
    exif[0x010E] = "canary in a description"
    exif.get_ifd(0x8825)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for form in ("PNG", "JPEG", "WEBP"):
        data = encoded(form, exif=exif, icc_profile=profile, comment=b"canary")
        assert b"canary" in data
        for target in ("png", "webp"):
            file = tmp_path / f"{form}.{target}"
            write(opened(data), file, target)
            assert b"canary" not in file.read_bytes()
            with Image.open(file) as kept:
                assert not kept.getexif()
                assert "icc_profile" not in kept.info


def test_a_picture_that_was_taken_sideways_is_turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert opened(encoded("JPEG", exif=exif)).size == (30, 40)


def test_another_colour_space_is_made_srgb_and_a_profile_that_is_none_is_ignored():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert opened(encoded(icc_profile=lab)).getpixel((5, 15)) == (200, 30, 20)
    assert opened(encoded(icc_profile=b"no profile")).getpixel((5, 15)) == (200, 30, 20)


@pytest.mark.parametrize(
    ("size", "longest", "made"),
    [
        ((400, 300), 100, (100, 75)),
        ((300, 400), 100, (75, 100)),
        ((40, 30), 100, (40, 30)),
        ((1_000, 3), 100, (100, 1)),
    ],
)
def test_a_thumbnail_keeps_the_shape_and_is_never_larger(size, longest, made):
    assert small(Image.new("RGB", size), longest).size == made


def _saved(picture: Image.Image) -> bytes:
    import io

    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()
