"""Readers of details that words beside them give away: posts, schools, workplaces, public events, account names, and
ways of being the only one."""
