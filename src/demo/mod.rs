//! What `--demo` runs on: a broker inside the program.

pub mod broker;
