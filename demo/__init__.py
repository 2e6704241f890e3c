"""The synthetic city: departments' databases and services, their manifests and the example queries."""
