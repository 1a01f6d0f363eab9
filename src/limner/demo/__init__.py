"""The demo: toy drawings, a small model and a gallery, all made on the spot."""
