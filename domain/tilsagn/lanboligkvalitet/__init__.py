"""Lån til boligkvalitet: environmentally friendly homes, life-course homes, upgrading."""
