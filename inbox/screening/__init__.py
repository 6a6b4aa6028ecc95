"""What can be noticed in a letter before it is sealed. Pure functions of text; lexicons lie in ``lexicons/``."""
