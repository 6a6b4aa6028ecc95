"""What a column needs before it takes letters, and the acts on its care cards."""
