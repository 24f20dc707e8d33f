//! What assistive technology finds and can do, and the window without a mouse.

mod keyboard;
mod reading;
mod tree;
