//! What assistive technology finds and can do, and use without a mouse.

mod keyboard;
mod reading;
mod tree;
