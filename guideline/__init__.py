"""The guideline as data: editions, phases, obligations, deadline rules, working days, compliance."""
