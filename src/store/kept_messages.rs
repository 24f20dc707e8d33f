//! Messages in a file of their own, one a line as in the publish history: what was cleared at a broker and may be wanted
//! back, or what a person saved.

use std::path::{Path, PathBuf};

use crate::store::atomic::{self, Access};
use crate::store::notice::StoreError;
use crate::store::publish_history::Published;

/// The text of such a file.
pub fn print(messages: &[Published]) -> String {
    let lines = messages.iter().filter_map(|message| serde_json::to_string(message).ok());
    lines.fold(String::new(), |mut text, line| {
        text.push_str(&line);
        text.push('\n');
        text
    })
}

/// A file that is gone when nobody needs it any more.
#[derive(Debug)]
pub struct TemporaryMessages {
    path: PathBuf,
    text: String,
}

impl TemporaryMessages {
    /// The file at this path, which is written by the first [`TemporaryMessages::add`].
    pub fn new(path: PathBuf) -> Self {
        Self { path, text: String::new() }
    }

    /// Adds messages and writes the file, readable for its owner only. Blocks on the disk.
    pub fn add(&mut self, messages: &[Published]) -> Result<(), StoreError> {
        self.text.push_str(&print(messages));
        atomic::write(&self.path, self.text.as_bytes(), Access::Private)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for TemporaryMessages {
    fn drop(&mut self) {
        if !self.text.is_empty()
            && let Err(error) = std::fs::remove_file(&self.path)
        {
            log::warn!("{} stays: {error}", self.path.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{PublishProperties, QoS, Timestamp};
    use crate::store::publish_history::KeptPayload;

    #[test]
    fn the_file_holds_every_byte_and_is_gone_in_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state").join("cleared.jsonl");
        let message = |payload: &[u8]| Published {
            at: Timestamp(1),
            topic: "a/b".to_owned(),
            payload: KeptPayload::Whole(payload.to_vec()),
            qos: QoS::ExactlyOnce,
            retain: true,
            properties: PublishProperties {
                message_expiry_interval_s: Some(9),
                ..PublishProperties::default()
            },
        };
        let messages = [message(b"on"), message(&vec![0xFF; 100_000])];
        let mut file = TemporaryMessages::new(path.clone());
        file.add(&messages[..1]).unwrap();
        file.add(&messages[1..]).unwrap();
        let text = std::fs::read_to_string(file.path()).unwrap();
        let read: Vec<Published> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(read, messages);
        drop(file);
        assert!(!path.exists());
    }
}
