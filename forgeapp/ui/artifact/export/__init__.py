"""The card under the Export button: the format, its options, a look at the file, its name and place."""
