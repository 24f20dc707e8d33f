//! What is said about messages that the model does not take in.

use crate::model::NotTaken;
use crate::words::{Label, label};

/// Why a message was not taken in.
pub const fn not_taken(why: NotTaken) -> Label {
    match why {
        NotTaken::TreeFull => label(
            "the topic is new and the tree is at its limit in bytes; a narrower subscription brings fewer topics",
            "该主题是新主题，而主题树已达到字节上限；缩小订阅范围可减少主题数量",
        ),
        NotTaken::TopicTooLong => label(
            "the topic is longer than the 65,535 bytes that MQTT allows",
            "该主题超过 MQTT 允许的 65,535 字节",
        ),
    }
}
