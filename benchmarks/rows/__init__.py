"""One benchmark each; ``run`` measures and returns its report."""
