//! Actions of the connection test.

use crate::command::ProfileEdit;

/// An action of the connection test.
#[derive(Clone, Debug)]
pub enum ExaminationAction {
    /// Save a profile and test its connection step by step.
    Begin(Box<ProfileEdit>),
    /// Repeat the test that is shown.
    Repeat,
    /// Copy the steps of the test that is shown to the clipboard.
    Copy,
    /// Close the test that is shown.
    Close,
}
