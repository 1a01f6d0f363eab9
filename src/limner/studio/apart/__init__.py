"""What strangers send is read apart: by processes that are bounded in memory and time."""
