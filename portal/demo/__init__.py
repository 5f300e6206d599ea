"""The people of the demo: all invented, with surnames that say so."""
