"""Every case of a county: found, audited once, resumed where a run broke off, and compared with each other."""
