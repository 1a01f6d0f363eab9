"""The frozen evaluation protocol: how drawings become pictures, these become features, and these figures."""
