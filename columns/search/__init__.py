"""Readers' search of published articles. Nothing of what somebody searches for is stored or logged.

``words`` makes lexemes of words, ``index`` keeps them beside the articles, ``engines`` asks the full-text index of
SQLite (FTS5) or PostgreSQL (tsvector), ``meaning`` compares sentences, ``ask`` puts both together, ``marks`` finds the
sentence to show. Both databases hold the same lexemes and add the same whole numbers, so they give the same order.
"""
