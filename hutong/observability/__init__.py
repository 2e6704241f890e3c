"""What operators see of a replica: log lines, metrics and traces, made from each operation's trace.

No value of a request or a row, no subject and no text that a caller has written is in any of them: operations are named
by the hash of their document and by their own id, sources and steps by the catalogue's words, ends by public codes.
"""
