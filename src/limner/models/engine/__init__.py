"""The recurrent engine: whole sequences through compiled kernels, forwards and backwards."""
