//! What a broker can be told to do wrong, so that tests meet the failures of real ones on purpose.

use std::time::Duration;

/// Misbehaviour towards all clients; the default is none. Set with
/// [`Broker::set_faults`](super::Broker::set_faults), at any time, for what comes next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Answer CONNECT with this return code (MQTT 3.1.1, 3.2.2.3) or reason code (MQTT 5.0, 3.2.2.2) and
    /// close.
    pub refuse_connect: Option<u8>,
    /// Send these bytes in place of CONNACK.
    pub connack_bytes: Option<Vec<u8>>,
    /// Take everything and never send a byte.
    pub silent: bool,
    /// Close the connection without a word when this many packets of a client were read; CONNECT is the
    /// first.
    pub close_after_packets: Option<u64>,
    /// Answer each filter of a SUBSCRIBE with this code and subscribe to nothing.
    pub refuse_subscriptions: Option<u8>,
    /// Answer PUBLISH of QoS 1 and 2 with this reason code (MQTT 5 only) and deliver to nobody.
    pub refuse_publish: Option<u8>,
    /// Never acknowledge PUBLISH.
    pub withhold_acks: bool,
    /// Wait this long before each acknowledgement of PUBLISH, SUBSCRIBE and UNSUBSCRIBE.
    pub ack_delay: Duration,
}
