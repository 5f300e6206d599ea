"""Pictures without what the camera wrote in them: place, device and time may tell where a protected child lives."""

import io

from PIL import Image, ImageOps

from portal.uploads import UploadFacts, UploadKind

JPEG_QUALITY = 92


def without_traces(content: bytes, facts: UploadFacts) -> bytes:
    """The same picture, drawn anew without metadata and turned the right way up; anything but a picture as it is.

    The colour profile stays, since it says nothing about the place. ``content`` has passed ``inspect_upload``.
    """
    if facts.kind is UploadKind.PDF:
        return content
    with Image.open(io.BytesIO(content), formats=[facts.kind.name]) as image:
        profile = image.info.get("icc_profile")
        upright = ImageOps.exif_transpose(image)
        clean = Image.new(upright.mode, upright.size)
        if upright.mode == "P" and (palette := upright.getpalette()):
            clean.putpalette(palette)
        clean.paste(upright)
        out = io.BytesIO()
        if facts.kind is UploadKind.JPEG:
            clean.save(out, "JPEG", quality=JPEG_QUALITY, icc_profile=profile)
        else:
            transparency = image.info.get("transparency")
            extra = {} if transparency is None else {"transparency": transparency}
            clean.save(out, "PNG", icc_profile=profile, **extra)
    return out.getvalue()
