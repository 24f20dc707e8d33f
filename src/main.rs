//! The program's entry point.

// An extra console window would only be in the way; `console.rs` is the program for a console.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    mqttree::app::entry::main()
}
