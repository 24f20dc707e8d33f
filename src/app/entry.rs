//! What the programs of this package have in common: everything but the kind of the executable.

use std::io::Write as _;
use std::process::ExitCode;

use crate::app::launch;
use crate::cli::{self, CliCommand, Launch};
use crate::store::Paths;
use crate::words::{self, Language};
use crate::{BUILD, logging};

/// Reads the arguments, then opens the window or runs a command.
pub fn main() -> ExitCode {
    // Without a home there is no place for the files; whatever needs one says so.
    let state = Paths::from_env().ok().map(|paths| paths.state);
    logging::install(state.clone());
    logging::tell_panics(|panicked| words::app::panicked(panicked, Language::English), state, BUILD);
    match cli::command(std::env::args_os()) {
        Ok(CliCommand::Window(launch)) => window(*launch),
        Ok(CliCommand::Subscribe(plan)) => ExitCode::from(cli::subscribe(*plan)),
        Ok(CliCommand::Publish(plan)) => ExitCode::from(cli::publish(*plan)),
        Ok(CliCommand::Request(plan)) => ExitCode::from(cli::request(*plan)),
        Ok(CliCommand::Test(plan)) => ExitCode::from(cli::test(*plan)),
        Ok(CliCommand::Record(plan)) => ExitCode::from(cli::record(*plan)),
        Ok(CliCommand::Export(plan)) => ExitCode::from(cli::export(plan)),
        Ok(CliCommand::Info(plan)) => ExitCode::from(cli::info(plan)),
        Ok(CliCommand::Replay(plan)) => ExitCode::from(cli::replay(*plan)),
        Ok(CliCommand::Decode(plan)) => ExitCode::from(cli::decode(plan)),
        Err(cli::Exit { status, text, to_stderr: true }) => end(status, &text),
        Err(cli::Exit { status, text, to_stderr: false }) => {
            // A closed pipe is no failure of this program.
            std::io::stdout().write_all(text.as_bytes()).ok();
            ExitCode::from(status)
        }
    }
}

fn window(launch: Launch) -> ExitCode {
    if let Some(missing) = cli::display_missing() {
        return end(cli::status::USAGE, &format!("{missing}\n"));
    }
    match launch::run(launch) {
        Ok(()) => ExitCode::from(cli::status::DONE),
        Err(error) => end(cli::status::FAILED, &format!("mqttree: {error:#}\n")),
    }
}

fn end(status: u8, text: &str) -> ExitCode {
    std::io::stderr().write_all(text.as_bytes()).ok();
    ExitCode::from(status)
}
