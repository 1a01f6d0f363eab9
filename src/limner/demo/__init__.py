"""The demo: generate toy drawings, train a small model on them, and show its drawings on a page."""
