"""Text in, decision out: does this message ask for an artifact?"""
