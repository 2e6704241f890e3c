"""Reading from departmental sources: manifests, codecs, engines."""
