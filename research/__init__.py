"""Programs that judge the project from outside it; research/README.md lists them."""
