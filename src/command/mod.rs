//! What a person can do: commands, which carry no data, and actions, which do.

pub mod action;
mod table;

pub use table::{ALL, Command, Entry};
