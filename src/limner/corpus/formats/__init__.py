"""Files of drawings: one table of the formats that are read, and one module for each."""
