"""What waits for a desk: the work list, and the one review page that every seat uses."""
