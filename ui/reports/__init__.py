"""Reports of a check as this computer paints them: pictures of places, pages of a PDF."""
