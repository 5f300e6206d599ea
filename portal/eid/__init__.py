"""Logging in with an electronic identity: HelseID, ID-porten and Ansattporten, by OpenID Connect."""
