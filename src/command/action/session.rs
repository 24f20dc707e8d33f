//! Actions on open sessions.

/// An action on open sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionAction {
    /// Show a session's tab.
    ShowTab(usize),
    /// Close a session's tab and its connection; the session can be reopened for a while.
    CloseTab(usize),
    /// Reopen the closed session with this number.
    Reopen(u64),
}
