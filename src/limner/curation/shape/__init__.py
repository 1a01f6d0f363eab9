"""The form of drawings as numbers: where their ink runs and which way, where the pen stops and turns."""
