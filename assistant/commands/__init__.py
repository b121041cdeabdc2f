"""What the commands do; the command line parses, prints and exits."""
