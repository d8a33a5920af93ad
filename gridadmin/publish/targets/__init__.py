"""Where packages are published: one small Protocol, and a module for each kind of server."""
