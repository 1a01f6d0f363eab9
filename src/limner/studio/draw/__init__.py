"""The room Draw: a WebSocket on which a model goes on from a hand."""
