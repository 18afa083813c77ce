"""The faces of a definition: each knows the shapes of fields, none knows a type."""
