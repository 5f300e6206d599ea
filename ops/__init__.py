"""What stands behind ``bin/``: preparing the machine, embedded services, processes. Standard library only."""
