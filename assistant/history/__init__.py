"""What was done and what was broken off; kept on this computer only."""
