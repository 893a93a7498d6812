"""What shoppers searched and did, kept in the background."""
