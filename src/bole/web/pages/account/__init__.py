"""Pages of one's own account: choosing a capacity, second factors, sessions, 「账号与安全」."""
