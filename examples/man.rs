//! Writes the man pages, a file for each command: `cargo run --example man -- FOLDER`.

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let folder = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("."), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    clap_mangen::generate_to(mqttree::cli::definition(), folder)
}
