"""The pages of the file an artifact will become, looked at before it is written."""
