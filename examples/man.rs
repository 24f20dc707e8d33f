//! Writes the man pages, a file for each command: `cargo run --example man -- FOLDER`.

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let folder = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("."), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    // A page is named after its command, and a name has no spaces: `man mqttree-sub`.
    let definition = mqttree::cli::definition().mut_subcommands(|command| {
        let name = format!("mqttree-{}", command.get_name());
        command.display_name(name)
    });
    clap_mangen::generate_to(definition, folder)
}
