"""How each vendor's server words the same scripted reply; written from the vendors' published documentation."""
