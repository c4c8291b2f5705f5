"""An artifact becomes a file: laid out, written in a child, verified, followed in the ledger."""
