"""The words of articles: from Markdown to safe HTML, and the parts of an answer."""
