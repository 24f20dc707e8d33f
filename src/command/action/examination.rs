//! Actions about connection tests.

use crate::command::ProfileEdit;

/// About connection tests.
#[derive(Clone, Debug)]
pub enum ExaminationAction {
    /// Save a profile and go through its connection step by step, saying how it went.
    Begin(Box<ProfileEdit>),
    /// Go through the connection of the test that shows once more.
    Repeat,
    /// Put the steps of the test that shows on the clipboard.
    Copy,
    /// End the test that shows.
    Close,
}
