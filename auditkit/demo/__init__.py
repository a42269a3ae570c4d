"""An invented county whose books agree, and irregularities planted in it with their truth; it knows no audit test."""

from auditkit.demo.county import books_of, case_of, make_compound, plan, write_county
from auditkit.demo.truth import Planted, Truth, read_truth

__all__ = ["Planted", "Truth", "books_of", "case_of", "make_compound", "plan", "read_truth", "write_county"]
