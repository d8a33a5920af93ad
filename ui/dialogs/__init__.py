"""Windows that ask: new project, import, export, settings, report."""
