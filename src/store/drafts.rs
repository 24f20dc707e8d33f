//! The drafts of the publish panel, one file for each connection: they survive a restart and a crash.
//!
//! A plain text of what was written, wrong or not; the panel checks it again. The program can do without the file: an
//! unreadable one counts as empty. [`Saver`](crate::store::Saver) writes it as a whole.

use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

use crate::message::QoS;
use crate::store::file;

/// The largest file that is read.
const BYTES_MAX: u64 = 32 * 1024 * 1024;
/// The largest payload without text that is kept; of a larger one only the size is.
const ATTACHED_BYTES_MAX: usize = 1024 * 1024;

/// The drafts of a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptDrafts {
    /// The drafts, in the order of their tabs.
    pub drafts: Vec<KeptDraft>,
    /// Index of the one that shows.
    pub current: usize,
}

/// A message being written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptDraft {
    /// Topic; `None` while it is the selected one.
    pub topic: Option<String>,
    /// How the text stands for the payload: `text`, `hex`, `base64`, or a format that is written from JSON.
    pub notation: String,
    /// The text of the editor.
    pub text: String,
    /// What is sent in place of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attached: Option<KeptAttachment>,
    /// Whether `{{…}}` is replaced.
    pub variables: bool,
    /// The file of the saved message that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saved_as: Option<PathBuf>,
    /// Quality of service.
    pub qos: QoS,
    /// Whether the broker is asked to retain it.
    pub retain: bool,
    /// Whether a response is expected.
    pub expects_response: bool,
    /// The fields of the properties.
    pub properties: KeptProperties,
}

impl KeptDraft {
    /// Whether nothing was written in it.
    pub fn is_blank(&self) -> bool {
        let Self { topic, text, attached, properties, .. } = self;
        topic.is_none() && text.is_empty() && attached.is_none() && *properties == KeptProperties::default()
    }
}

/// The fields of the properties, as they were typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptProperties {
    /// Content type.
    pub content_type: String,
    /// Response topic.
    pub response_topic: String,
    /// Correlation data.
    pub correlation_data: String,
    /// Message expiry.
    pub expiry: String,
    /// Payload format indicator.
    pub indicator: Option<u8>,
    /// User properties.
    pub user: Vec<(String, String)>,
}

/// A payload that is not edited.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptAttachment {
    /// Name of the file that it came from, if it did.
    pub file: Option<String>,
    /// Whether it is a text that became too long for the editor.
    pub is_text: bool,
    /// Size in bytes.
    pub size: u64,
    /// The bytes, unless they were too many to keep.
    base64: Option<String>,
}

impl KeptAttachment {
    /// Keeps a payload of this size, unless it is too large.
    pub fn new(file: Option<String>, is_text: bool, size: u64, bytes: Option<&[u8]>) -> Self {
        let bytes = bytes.filter(|bytes| bytes.len() <= ATTACHED_BYTES_MAX);
        Self { file, is_text, size, base64: bytes.map(|bytes| BASE64.encode(bytes)) }
    }

    /// The bytes, if they were kept.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        BASE64.decode(self.base64.as_ref()?.as_bytes()).ok()
    }
}

impl KeptDrafts {
    /// Reads a file, as far as it can be read. Blocks on the disk.
    pub fn load(path: &Path) -> Self {
        let bytes = match file::read(path, BYTES_MAX) {
            Ok(bytes) => bytes.unwrap_or_default(),
            Err(error) => {
                log::warn!("the drafts are not known: {error:?}");
                return Self::default();
            }
        };
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// The content of the file.
    pub fn print(&self) -> Vec<u8> {
        // Texts and numbers only, so this cannot fail.
        serde_json::to_vec_pretty(self).unwrap_or_default()
    }
}

/// The file of a connection, in a folder of such files. `key` tells connections apart.
pub fn path(folder: &Path, key: &str) -> PathBuf {
    folder.join(format!("{:08x}.json", crc32fast::hash(key.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_come_back_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let path = path(folder.path(), "a");
        let small = KeptAttachment::new(Some("a.png".to_owned()), false, 3, Some(&[0, 1, 255]));
        let large = vec![0; ATTACHED_BYTES_MAX + 1];
        let large = KeptAttachment::new(None, true, large.len() as u64, Some(&large));
        assert_eq!((small.bytes(), large.bytes()), (Some(vec![0, 1, 255]), None));
        let draft =
            KeptDraft { topic: Some("灯".to_owned()), text: "{\"a\":".to_owned(), ..KeptDraft::default() };
        let drafts = KeptDrafts {
            drafts: vec![draft, KeptDraft { attached: Some(small), ..KeptDraft::default() }],
            current: 1,
        };
        std::fs::write(&path, drafts.print()).unwrap();
        assert_eq!(KeptDrafts::load(&path), drafts);
        std::fs::write(&path, "{\"drafts\": [").unwrap();
        assert_eq!(KeptDrafts::load(&path), KeptDrafts::default());
    }

    #[test]
    fn connections_have_files_of_their_own() {
        let folder = Path::new("drafts");
        assert_ne!(path(folder, "mqtt://a:1883"), path(folder, "mqtt://b:1883"));
    }
}
