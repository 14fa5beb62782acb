"""The command `dataelec`, all that people run but dbt: the top floor, which imports all others and none imports."""
