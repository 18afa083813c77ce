"""Bole 伯乐: one engine for talent and personnel services of Chinese human-resources authorities."""
