"""One operation from its document to its response; the place where policy is enforced."""
