"""「资格目录管理」: the authority keeps its catalogue of titles (SZ-06)."""
