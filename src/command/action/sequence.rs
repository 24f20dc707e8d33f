//! Actions on sequences of steps.

use std::path::PathBuf;

/// An action on the sequences of the session that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SequenceAction {
    /// Ask for a file, and open it with the others in its folder.
    Open,
    /// Read these files anew and run them.
    Run(Vec<PathBuf>),
    /// Stop what is under way.
    Stop,
}
