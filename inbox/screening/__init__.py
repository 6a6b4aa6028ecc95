"""The analysis of a letter's text before sealing. Pure functions of text; the word lists are in ``lexicons/``."""
