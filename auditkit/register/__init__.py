"""From finding to end: the register of problems, its states and its papers."""
