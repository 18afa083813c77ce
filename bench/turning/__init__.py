"""The network that tells how a page lies: pages to learn from, learning, rates; needs NumPy, which Bole does not."""
