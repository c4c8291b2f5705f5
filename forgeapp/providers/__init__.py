"""The services that run models, over httpx, one module a dialect."""
