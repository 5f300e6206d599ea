"""The coordinated referral (samordnet henvisning), its contributions, consultation, intake and PDF."""
