"""Curation: features, clusters, maps, neighbours and choices for many drawings or pages."""
