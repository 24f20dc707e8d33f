//! What assistive technology finds and can do.

mod tree;
