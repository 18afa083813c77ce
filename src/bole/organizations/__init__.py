"""Sites, units and authorities, their tree, and the roles people hold in them."""
