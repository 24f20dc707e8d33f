//! Actions on a session's packet log.

/// An action on the session's packet log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PacketLogAction {
    /// Turn the log on or off.
    SetOn(bool),
    /// Forget its packets.
    Clear,
}
