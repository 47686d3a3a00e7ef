"""What every subject stands on: commands, events, states, refusals, texts, ids, time."""
