//! Actions about the open sessions.

/// About the open sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionAction {
    /// Show a session's tab.
    ShowTab(usize),
    /// Close a session's tab and its connection.
    CloseTab(usize),
}
