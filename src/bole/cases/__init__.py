"""What is asked: a case with its pinned definition, answers as typed, drafts, attachments, gaps and number.

It knows nothing of steps or verdicts (`review` does) and nothing of what becomes true afterwards (`bindings`).
"""
