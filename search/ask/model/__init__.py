"""An optional language model behind the contract of questions: it chooses among forms that
fit and words an answer from its citations; it can add no fact."""
