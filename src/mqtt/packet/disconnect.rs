//! DISCONNECT and AUTH (MQTT 5.0, 3.14 and 3.15).

use crate::mqtt::options::MqttVersion;
use crate::mqtt::packet::malformed::{Malformed, Oversize};
use crate::mqtt::packet::property::Property;
use crate::mqtt::packet::reader::Reader;
use crate::mqtt::packet::writer::Writer;
use crate::mqtt::reason::ReasonCode;
use crate::mqtt::trace::PacketKind;

/// A DISCONNECT, with the reason for ending the connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disconnect {
    /// Reason code; 0 with older versions, which have none.
    pub reason: ReasonCode,
    /// The sender's explanation in words.
    pub reason_string: Option<String>,
    /// Another broker to use, named by a broker.
    pub server_reference: Option<String>,
    /// How long a client now wants its session kept, in seconds.
    pub session_expiry_s: Option<u32>,
    /// User properties.
    pub user_properties: Vec<(String, String)>,
}

impl Disconnect {
    pub(super) fn decode(body: &[u8], version: MqttVersion) -> Result<Self, Malformed> {
        let mut reader = Reader::new(PacketKind::Disconnect, body);
        let mut disconnect = Self::default();
        // The code may be left out, and the properties after it (MQTT 5.0, 3.14.2.1).
        if version != MqttVersion::V5 || reader.is_empty() {
            return Ok(disconnect);
        }
        disconnect.reason = reader.reason()?;
        if reader.is_empty() {
            return Ok(disconnect);
        }
        let mut properties = reader.properties()?;
        while let Some(property) = properties.next()? {
            match property {
                Property::ReasonString => disconnect.reason_string = Some(properties.words()?),
                Property::ServerReference => disconnect.server_reference = Some(properties.words()?),
                Property::User => disconnect.user_properties.push(properties.pair()?),
                // Only clients send this; from a broker it does no harm.
                Property::SessionExpiryInterval => disconnect.session_expiry_s = Some(properties.u32()?),
                _ => return Err(properties.misplaced()),
            }
        }
        Ok(disconnect)
    }

    /// Appends the packet. In versions before 5 it is empty, and so is an orderly end with nothing to add. Otherwise
    /// properties are always included, even if there are none: some clients drop a DISCONNECT without a property
    /// length.
    pub fn encode(&self, out: &mut Vec<u8>, version: MqttVersion) -> Result<(), Oversize> {
        let Self { reason, reason_string, server_reference, session_expiry_s, user_properties } = self;
        if version != MqttVersion::V5 || *self == Self::default() {
            disconnect(out, ReasonCode::SUCCESS, version);
            return Ok(());
        }
        let mut body = Writer::default();
        body.u8(reason.0);
        body.properties(|body| {
            body.u32_property(Property::SessionExpiryInterval, *session_expiry_s);
            body.text_property(Property::ReasonString, reason_string.as_deref());
            body.text_property(Property::ServerReference, server_reference.as_deref());
            body.user_properties(user_properties);
        });
        body.finish(out, PacketKind::Disconnect, 0, 0)
    }
}

/// Appends a DISCONNECT with only a reason, which versions before 5 cannot send.
pub fn disconnect(out: &mut Vec<u8>, reason: ReasonCode, version: MqttVersion) {
    if version == MqttVersion::V5 && reason != ReasonCode::SUCCESS {
        out.extend([0xE0, 1, reason.0]);
    } else {
        out.extend([0xE0, 0]);
    }
}

/// One step of an enhanced authentication.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Auth {
    /// Success, continue authentication, or re-authenticate.
    pub reason: ReasonCode,
    /// The authentication method.
    pub method: Option<String>,
    /// The method's data at this step.
    pub data: Vec<u8>,
    /// The sender's explanation in words.
    pub reason_string: Option<String>,
}

/// Omits the data, which may be secret.
impl std::fmt::Debug for Auth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { reason, method, reason_string, data: _ } = self;
        let mut auth = f.debug_struct("Auth");
        auth.field("reason", reason).field("method", method).field("reason_string", reason_string);
        auth.finish_non_exhaustive()
    }
}

impl Auth {
    pub(super) fn decode(body: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(PacketKind::Auth, body);
        let mut auth = Self::default();
        if reader.is_empty() {
            return Ok(auth);
        }
        auth.reason = reader.reason()?;
        if reader.is_empty() {
            return Ok(auth);
        }
        let mut properties = reader.properties()?;
        while let Some(property) = properties.next()? {
            match property {
                Property::AuthenticationMethod => auth.method = Some(properties.text()?),
                Property::AuthenticationData => auth.data = properties.binary()?,
                Property::ReasonString => auth.reason_string = Some(properties.words()?),
                Property::User => drop(properties.pair()?),
                _ => return Err(properties.misplaced()),
            }
        }
        Ok(auth)
    }

    /// Appends the packet.
    pub fn encode(&self, out: &mut Vec<u8>) -> Result<(), Oversize> {
        let Self { reason, method, data, reason_string } = self;
        let mut body = Writer::default();
        body.u8(reason.0);
        body.properties(|body| {
            body.text_property(Property::AuthenticationMethod, method.as_deref());
            let data = Some(data.as_slice()).filter(|data| !data.is_empty());
            body.binary_property(Property::AuthenticationData, data);
            body.text_property(Property::ReasonString, reason_string.as_deref());
        });
        body.finish(out, PacketKind::Auth, 0, 0)
    }
}
