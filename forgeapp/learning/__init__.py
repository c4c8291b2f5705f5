"""Built-in templates and what is made from them."""
