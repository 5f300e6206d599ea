"""Forms of the referral: they clean input; actions do the rest."""
