"""What every subject is built on: commands, events, states, refusals, texts, ids, time."""
