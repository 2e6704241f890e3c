"""What each defect of the demo city must look like in an answer, in words and as a test of one row."""

from demo.oracle import defects_s1, defects_s2, defects_s3

PROBES = (*defects_s1.PROBES, *defects_s2.PROBES, *defects_s3.PROBES)
"""Every defect of the ledger, at least once."""
