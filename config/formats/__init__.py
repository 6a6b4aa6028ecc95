"""How dates and times are written, where Django's own formats of a language differ from ours. One folder a language."""
