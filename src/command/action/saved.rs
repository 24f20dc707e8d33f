//! Actions on saved messages.

use std::path::PathBuf;

use crate::store::saved::SavedMessage;

/// An action on saved messages.
#[derive(Clone, Debug)]
pub enum SavedAction {
    /// Send the message in this file.
    Send(PathBuf),
    /// Put the message in this file into a draft.
    Edit(PathBuf),
    /// Save a draft as a file.
    Save(Box<SaveOrder>),
    /// Delete the file.
    Delete(PathBuf),
    /// Write a deleted file again.
    Restore(PathBuf, Box<SavedMessage>),
}

/// A message to save.
#[derive(Clone, Debug)]
pub struct SaveOrder {
    /// Its name as it was typed; slashes make folders.
    pub name: String,
    /// Name of the collection.
    pub collection: String,
    /// Whether only sessions of this profile show it.
    pub of_profile: bool,
    /// The message.
    pub message: SavedMessage,
    /// The draft that it is.
    pub draft: u64,
}
