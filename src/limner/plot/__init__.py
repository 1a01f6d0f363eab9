"""Pages for plotters: paper, layers, order and travel, SVG in millimetres, G-code, HPGL."""
