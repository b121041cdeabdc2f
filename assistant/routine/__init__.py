"""What a massage is: schema, library, planner and narration. Pure, once the files are read."""
