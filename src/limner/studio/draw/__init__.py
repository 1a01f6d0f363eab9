"""The Draw room: a WebSocket over which a model continues a drawing."""
