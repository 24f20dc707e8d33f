//! Where a session's messages go instead of its model, for example to be written out as they arrive.

use crate::message::{Flags, MessageRef};

/// Decides whether to acknowledge a message with this topic and these flags. Called in the order of arrival, on the
/// worker's thread. An unacknowledged message still reaches the sink, and the broker keeps it.
pub type Gate = Box<dyn FnMut(&[u8], Flags) -> bool + Send>;

/// Takes the messages of a session on its ingest thread, instead of the model.
///
/// It may block for as long as it likes: the channel in front of it is bounded in bytes, so the worker stops reading and
/// the broker waits, as it does for a slow model. Nothing is dropped on the way.
pub trait Sink: Send + 'static {
    /// Takes a message, in the order of arrival, with its packet identifier (MQTT 5.0, 2.2.1), which is 0 at QoS 0.
    fn message(&mut self, message: MessageRef<'_>, packet_id: u16);

    /// Called when everything that arrived was handed over and the thread is about to wait, and at the end: write out
    /// what was collected.
    fn idle(&mut self);

    /// Decides which messages are acknowledged; taken once, before the session starts. `None` acknowledges all.
    fn gate(&mut self) -> Option<Gate> {
        None
    }
}
