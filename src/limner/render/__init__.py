"""Render: drawings to SVG, PNG, GIF and sheets."""
