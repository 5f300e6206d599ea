"""Measurements of the portal as ratios within one run: pages with much data against the empty page, PDF against
WeasyPrint.

``bin/bench`` starts servers of its own. The demo story is told once through the actions people use and then copied
until there are as many cases as wanted, so that every table of a case is as full as in real use.
"""
