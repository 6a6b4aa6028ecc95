"""Date and time formats that differ from Django's own, one folder for each language."""
