"""The kernel: one planar partition of labelled borders on a millimetre grid."""
