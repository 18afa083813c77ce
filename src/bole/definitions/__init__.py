"""Services, routes and record kinds declared in YAML: parsed, checked, versioned, and given their faces."""
