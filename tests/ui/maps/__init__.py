"""More than one map at a time, by mouse and keys."""
