"""Names of uploaded files: what they claim, and a form of them that is safe to store, show and send back."""

import unicodedata

MAX_NAME = 120
FALLBACK_STEM = "vedlegg"
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
REPLACED = str.maketrans(dict.fromkeys('<>:"|?*%', "_"))


def declared_extension(name: str) -> str:
    """The extension a name claims, with its dot and in lower case; empty when it claims none."""
    stem, dot, extension = _last_part(name).rpartition(".")
    # «notat 3. mars» has a full stop and no extension.
    return f".{extension.lower()}" if dot and stem and extension.isalnum() else ""


def safe_name(declared_name: str, extension: str) -> str:
    """The name without folders, invisible and control characters, at most 120 characters, with the true extension.

    Letters of every script stay (NFC). What only steers the display, such as right-to-left override, goes, so that
    «regning<RLO>fdp.exe» cannot show as «regningexe.pdf».
    """
    name = _last_part(declared_name)
    claimed = declared_extension(declared_name)
    stem = name[: -len(claimed)] if claimed else name
    stem = " ".join(stem.translate(REPLACED).split()).strip(". ")
    if stem.partition(".")[0].lower() in RESERVED:
        stem = f"_{stem}"
    return (stem[: MAX_NAME - len(extension)].rstrip(". ") or FALLBACK_STEM) + extension


def _last_part(name: str) -> str:
    visible = "".join(" " if char.isspace() else char for char in unicodedata.normalize("NFC", name))
    visible = "".join(char for char in visible if unicodedata.category(char)[0] != "C")
    return visible.replace("\\", "/").rsplit("/", 1)[-1].strip()
