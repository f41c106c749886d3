"""Everything that is worded once: numbers, verdicts, sources of uncertainty and caveats."""
