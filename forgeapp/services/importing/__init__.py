"""Files becoming artifacts: read in a child process, and laid beside the artifact they were exported from."""
