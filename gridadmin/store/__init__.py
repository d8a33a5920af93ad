"""The project file: one SQLite file that is a valid GeoPackage."""
