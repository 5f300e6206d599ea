"""PDF engine: finished HTML in, tagged archival PDF out (PDF/A-3a with PDF/UA-1 identification).

The engine knows no model and no document: `render.render_pdf` is the one entrance, `assets` all it may read, `text` and
`markup` what is done to the HTML before layout, `tagging`, `structure` and `finish` what is done to the PDF after.
"""
