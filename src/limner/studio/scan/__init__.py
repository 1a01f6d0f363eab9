"""The Scan room: pictures of drawings to strokes, and from there into a corpus."""
