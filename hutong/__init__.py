"""The application: settings, composition, HTTP and the command line."""

__version__ = "0.1.0"
