"""An independent judge of the SQL regression: the same method, written again with numpy and statsmodels."""
