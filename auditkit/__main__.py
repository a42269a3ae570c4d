"""`python -m auditkit` is `auditkit`."""

from auditkit.cli import app

if __name__ == "__main__":
    app()
