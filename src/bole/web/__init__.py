"""Pages. A view parses the request, asks permission, calls one action or query, and answers."""
