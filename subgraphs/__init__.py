"""The domain services. A domain never imports a domain; each owns its store."""
