"""Messages to accounts: the inbox, and e-mail and SMS through a connector."""
