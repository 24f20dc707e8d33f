//! Where a session's messages go if not into its model: to whoever writes them out as they come.

use crate::message::{Flags, MessageRef};

/// Whether a message with this topic and these flags is acknowledged. It is asked in the order of arrival, on the worker's
/// thread; what is not acknowledged is handed over all the same, and the broker keeps it.
pub type Gate = Box<dyn FnMut(&[u8], Flags) -> bool + Send>;

/// Takes the messages of a session on its ingest thread, instead of the model.
///
/// It may block for as long as it likes: the channel before it is bounded by bytes, so that the worker then stops
/// reading and the broker waits, as it does for a slow model. Nothing is dropped on the way.
pub trait Sink: Send + 'static {
    /// A message, in the order of arrival, with its packet identifier (MQTT 5.0, 2.2.1); 0 at QoS 0.
    fn message(&mut self, message: MessageRef<'_>, packet_id: u16);

    /// All that came was handed over, and the thread is about to wait: what was collected should go out now. Called at
    /// the end too.
    fn idle(&mut self);

    /// Which messages are acknowledged, asked once before the session starts; `None`: all that come.
    fn gate(&mut self) -> Option<Gate> {
        None
    }
}
