"""The synthetic city: three departments' databases, their manifests and the example queries."""
