"""What other programs do with the same files; each module runs in the peers' environment."""
