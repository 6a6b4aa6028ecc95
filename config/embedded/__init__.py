"""What ``make run`` and small sites bring along in place of a web server and a broker of their own."""
