"""What the exam makes go wrong with calls to a sealed part: one vocabulary, decided by hashes. README.md has it."""
