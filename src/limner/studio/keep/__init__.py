"""The Keep room: kept drawings, and their export to files."""
