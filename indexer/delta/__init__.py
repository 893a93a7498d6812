"""Changes to the live generation: of a new state of the catalogue, or of a feed of changes."""
