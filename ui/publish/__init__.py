"""The workspace of publishing: releases, where they go, and what comes back."""
