"""The parts of ``bin/untranslated.py``: what a sentence is, and how one is found in each kind of file."""
