"""What the fit and the landing of the largest files cost: programs for `make bench`."""
