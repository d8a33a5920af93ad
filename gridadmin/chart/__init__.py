"""Wall charts: sheets laid out in millimetres and drawn on whatever can draw; knows no Qt."""
