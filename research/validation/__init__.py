"""How often intervals cover a planted truth, and errors beside other models': programs for `make validate`."""
