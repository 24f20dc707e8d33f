//! A rule of a profile: which decoder reads the messages of which topics.

use serde::{Deserialize, Serialize};

/// A topic filter and the decoder for its topics, as the person wrote both. What they mean is no business of the file:
/// a decoder of a later version stays in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecoderRule {
    /// The topic filter; the topic itself for a single one.
    pub filter: String,
    /// The decoder and its options, as `mqttree decode --as` takes them: `cbor`, `struct:u16le temp/100`.
    pub decoder: String,
}
