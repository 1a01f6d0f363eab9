"""The experiment ``handful``: what a model learns from as many drawings as a person has."""
