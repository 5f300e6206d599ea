"""A real Chromium against the real processes: whole stories, and every page looked at by axe."""
