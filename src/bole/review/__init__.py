"""How a case moves: steps, seats, decisions, the inbox, and the pure engine behind them.

What a decision makes true outside the case is done by effects, which `bindings` registers here.
"""
