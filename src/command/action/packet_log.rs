//! Actions about a session's packet log.

/// About the session's packet log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PacketLogAction {
    /// Turn it on or off.
    SetOn(bool),
    /// Forget its packets.
    Clear,
}
