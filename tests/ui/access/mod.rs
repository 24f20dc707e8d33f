//! What assistive technology finds and can do, and the window without a mouse.

mod ids;
mod keyboard;
mod reading;
mod tree;
