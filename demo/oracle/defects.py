"""What each defect of the demo city must look like in an answer, in words and as a test of one row."""

from demo.oracle import defects_s1, defects_s2, defects_s3, defects_s4, defects_s5, defects_s6

PROBES = (
    *defects_s1.PROBES,
    *defects_s2.PROBES,
    *defects_s3.PROBES,
    *defects_s4.PROBES,
    *defects_s5.PROBES,
    *defects_s6.PROBES,
)
"""Every defect of the ledger, at least once."""
