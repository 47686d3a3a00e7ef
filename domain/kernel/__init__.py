"""What all subjects of the domain are built on. It imports no subject."""
