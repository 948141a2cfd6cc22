"""Analytics: what happened, counted and added up; nothing in it is about anybody."""
