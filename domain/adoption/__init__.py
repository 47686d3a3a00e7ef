"""The policy in force: adopted, superseded, repealed."""
