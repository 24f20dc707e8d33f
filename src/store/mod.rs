//! What the program keeps on disk: profiles, settings, passwords, published messages.
//!
//! [`open`] reads it all at the start and hands out a [`Saver`], the one thread that writes it again. Every file is
//! replaced as a whole ([`atomic`]), under a lock and merged with what another running mqttree wrote meanwhile
//! ([`document`]), and a copy of a file that cannot be read is kept beside it, never thrown away.
//!
//! Called by `app` and `cli`. Nothing here knows the window or writes sentences: what happened is data ([`notice`])
//! that `words` puts into sentences. Nothing here prints or logs a password.

pub mod atomic;
pub mod document;
pub mod drafts;
mod file;
pub mod folders;
pub mod kept_messages;
mod machine;
mod merge;
pub mod notice;
pub mod paths;
pub mod plots;
pub mod profiles;
pub mod publish_history;
mod salvage;
pub mod saved;
mod saver;
mod schemas;
pub mod secrets;
pub mod settings;
pub mod spoken;
pub mod transfer;
pub mod url;

pub use file::read;
pub use notice::{StoreError, StoreNotice};
pub use paths::Paths;
pub use profiles::{PasswordPlace, Profile, ProfileId, Profiles};
pub use publish_history::{PublishHistory, Published};
pub use saver::{Opened, SaveEvent, Saver, open};
pub use schemas::read_below;
pub use secrets::SecretStore;
pub use settings::Settings;
pub use settings::allowed_programs;

#[cfg(test)]
mod tests;
