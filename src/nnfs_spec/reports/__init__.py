"""What people and programs read: each form listens to the engine's events and knows nothing else."""
