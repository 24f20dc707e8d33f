//! The entry point of `mqttree-cli`, which is mqttree for Windows' consoles.
//!
//! There a program either has a console or opens windows without one. `mqttree.exe` is of the second kind, so what `sub`,
//! `--help` and errors print is seen only with this one.

use std::process::ExitCode;

fn main() -> ExitCode {
    mqttree::app::entry::main()
}
