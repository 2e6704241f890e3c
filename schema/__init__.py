"""Vocabulary: what exists, where it lives, how it is spelt in GraphQL. Imports no other package of the hub."""
