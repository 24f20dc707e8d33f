//! What the window tells a person in passing.

use crate::command::Action;

/// How loud a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Goes away by itself.
    Info,
    /// Stays until dismissed.
    Error,
}

/// A short text for the person.
#[derive(Clone, Debug)]
pub struct Notice {
    /// How loud.
    pub kind: NoticeKind,
    /// One to three short lines.
    pub text: String,
    /// What takes it back, if that is possible.
    pub undo: Option<Box<Action>>,
}

impl Notice {
    /// Something went as asked.
    pub fn info(text: impl Into<String>) -> Self {
        Self { kind: NoticeKind::Info, text: text.into(), undo: None }
    }

    /// Something went as asked, and can be taken back.
    pub fn undoable(text: impl Into<String>, undo: impl Into<Action>) -> Self {
        Self { undo: Some(Box::new(undo.into())), ..Self::info(text) }
    }

    /// Something failed.
    pub fn error(text: impl Into<String>) -> Self {
        Self { kind: NoticeKind::Error, text: text.into(), undo: None }
    }
}
