"""Forms made from the models of commands, by one mechanism."""
