"""Keys: keyring, then environment, then this session."""
