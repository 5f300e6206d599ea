"""The referral as one plain dict: frozen when sent, shown as a draft before (``build``), and the PDF's only source."""

from referrals.snapshot.build import build
from referrals.snapshot.freeze import freeze
from referrals.snapshot.viewed import reads_own_texts, seen_by, sees_all

__all__ = ["build", "freeze", "reads_own_texts", "seen_by", "sees_all"]
