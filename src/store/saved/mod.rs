//! Saved messages: small text files in folders, which people edit, share and put under version control.
//!
//! A collection is a folder below `messages/shared` or below the folder of a profile; folders in it are folders of the
//! collection. Each file is a head in TOML and the payload below it, or a payload file beside it. Nothing outside the
//! collection's folder is ever read: not by `payload_file`, not through a symbolic link in it.

mod file;
mod library;
mod print;
mod scan;

pub use file::{SavedFault, SavedMessage, SavedPayload, SavedProblem, parse};
pub use library::MessageLibrary;
pub use print::{SavedName, print, rewrite, write};
pub use scan::{Collection, CollectionPlace, SavedEntry, SavedLibrary};

/// The ending of the files.
pub const EXTENSION: &str = "mqtt";

#[cfg(test)]
mod tests;
