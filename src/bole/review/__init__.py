"""How a case moves: steps, seats, decisions, the inbox, and the pure engine behind them."""
