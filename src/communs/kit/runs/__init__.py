"""Reading sources: each reading is a run with its figures and refusals; what contradicts people is put to people."""
