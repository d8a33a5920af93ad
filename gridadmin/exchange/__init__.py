"""Files of others: readers, import previews, the GeoPackage writer."""
