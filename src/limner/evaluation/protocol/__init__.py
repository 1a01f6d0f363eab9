"""The frozen protocol: how drawings become pictures, what looks at them, and which figures follow."""
