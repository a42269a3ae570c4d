"""auditkit: is money of the owners missing in this compound?"""

__version__ = "0.1.0"
