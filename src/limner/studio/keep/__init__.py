"""The room Keep: what was kept, and files made of it."""
