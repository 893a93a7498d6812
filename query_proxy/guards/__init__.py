"""Who may ask what, how much at a time, and how large."""
