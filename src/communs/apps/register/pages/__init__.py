"""The pages of the register: its list, one commons, the commons test, and what editors and stewards do."""
