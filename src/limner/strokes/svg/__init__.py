"""SVG in and out: polylines to documents, and documents to what a browser shows of them, as polylines."""
