//! The decoder rules of a saved connection, for the commands.

use std::path::PathBuf;
use std::sync::Arc;

use crate::payload::decode::OutsideReader;
use crate::payload::schema::{SCHEMA_BYTES_MAX, SchemaFiles};
use crate::query::{OutsideProgram, Rule, Rules};
use crate::store::profiles::DecoderRule;
use crate::store::{Paths, allowed_programs, read_below};

/// Prepares the rules of a profile.
pub(in crate::cli) fn prepare(rules: &[DecoderRule]) -> Rules {
    let files = schemas_of_the_settings();
    Rules::new(rules.iter().map(|rule| Rule::with_files(&rule.filter, &rule.decoder, &files)))
}

/// Reads schemas from the folder of the settings on, where the rules of profiles name them.
fn schemas_of_the_settings() -> SchemaFiles {
    let folder = Paths::from_env().map(|paths| paths.config).unwrap_or_default();
    // A program runs only if a person has allowed it in the window of this computer.
    let allowed = Paths::from_env().map(|paths| allowed_programs(&paths)).unwrap_or_default();
    schemas(folder)
        .with_programs(move |line| allowed.iter().any(|known| known == line).then(|| program(line)))
}

/// Reads schemas from the working folder on, as a person names them on the command line.
pub(in crate::cli) fn schemas_from_here() -> SchemaFiles {
    schemas(PathBuf::new()).with_programs(|line| Some(program(line)))
}

fn program(line: &str) -> Arc<dyn OutsideReader> {
    Arc::new(OutsideProgram::new(line))
}

fn schemas(folder: PathBuf) -> SchemaFiles {
    SchemaFiles::new(move |path| read_below(&folder, path, SCHEMA_BYTES_MAX))
}
