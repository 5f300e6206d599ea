"""Who and which: national numbers, their protection at rest, human references and Norwegian sort keys. Pure code."""
