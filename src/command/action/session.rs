//! Actions about the open sessions.

/// About the open sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionAction {
    /// Show a session's tab.
    ShowTab(usize),
    /// Close a session's tab and its connection; the session is kept for a while.
    CloseTab(usize),
    /// Show the closed session with this number again.
    Reopen(u64),
}
