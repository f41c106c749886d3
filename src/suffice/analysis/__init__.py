"""From ledger rows to results with their caveats."""
