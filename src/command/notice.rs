//! Short notices that the window shows over its content.

use crate::command::Action;

/// How urgent a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// It goes away by itself.
    Info,
    /// It stays until dismissed.
    Error,
}

/// A short text for the person.
#[derive(Clone, Debug)]
pub struct Notice {
    /// How urgent it is.
    pub kind: NoticeKind,
    /// One to three short lines.
    pub text: String,
    /// The action that undoes what happened, if there is one.
    pub undo: Option<Box<Action>>,
}

impl Notice {
    /// A notice that something succeeded.
    pub fn info(text: impl Into<String>) -> Self {
        Self { kind: NoticeKind::Info, text: text.into(), undo: None }
    }

    /// A notice that something succeeded and can be undone.
    pub fn undoable(text: impl Into<String>, undo: impl Into<Action>) -> Self {
        Self { undo: Some(Box::new(undo.into())), ..Self::info(text) }
    }

    /// A notice that something failed.
    pub fn error(text: impl Into<String>) -> Self {
        Self { kind: NoticeKind::Error, text: text.into(), undo: None }
    }
}
