"""The ground floor, which imports no other: the error people see, where things are, the copy of a warehouse."""
