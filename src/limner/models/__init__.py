"""Models: pure ``nn.Module`` networks behind one protocol, and their weights on disk."""
