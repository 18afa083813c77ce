"""A unit's people: 「申报人员」 and 「人员调转」."""
