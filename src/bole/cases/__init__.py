"""What is asked: a case with its pinned definition, answers, attachments and number."""
