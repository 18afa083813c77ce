"""The unit way of a 采集管理员: home, 「单位信息」, 「立即申报」, the person's confirmation."""
