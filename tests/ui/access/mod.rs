//! What assistive technology finds and can do, and use without a mouse.

mod ids;
mod keyboard;
mod reading;
mod tree;
