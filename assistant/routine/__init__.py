"""What a massage is: content schema, health, planner, narration and track. Pure."""
