"""What the law says, where and when."""
