"""What people look at: reads the marts of a built warehouse, nothing else."""
