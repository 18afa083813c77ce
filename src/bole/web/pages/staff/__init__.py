"""Account management: the tree of units, their users, roles, departments and administrators."""
