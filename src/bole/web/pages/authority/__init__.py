"""The authority operator's pages: 「采集授权」."""
