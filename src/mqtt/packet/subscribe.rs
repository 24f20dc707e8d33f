//! SUBSCRIBE, UNSUBSCRIBE and their answers (MQTT 5.0, 3.8 to 3.11).
//!
//! A packet may hold many topic filters. This program sends one per packet, so that each gets its own answer, which
//! [`SubAck::only`] returns.

use crate::message::QoS;
use crate::mqtt::options::{MqttVersion, RetainHandling, Subscription};
use crate::mqtt::packet::acknowledgement::reason_string;
use crate::mqtt::packet::malformed::{Flaw, Malformed, Oversize, Part};
use crate::mqtt::packet::property::Property;
use crate::mqtt::packet::reader::Reader;
use crate::mqtt::packet::writer::Writer;
use crate::mqtt::reason::ReasonCode;
use crate::mqtt::trace::PacketKind;

/// Bits of the subscription options (MQTT 5.0, 3.8.3.1).
const QOS: u8 = 0b0000_0011;
const NO_LOCAL: u8 = 0b0000_0100;
const RETAIN_AS_PUBLISHED: u8 = 0b0000_1000;
const RETAIN_HANDLING_SHIFT: u8 = 4;

/// Appends a SUBSCRIBE. Options that only MQTT 5 has are left out in older versions; the packet carries the identifier
/// and the user properties of the first subscription.
pub fn subscribe<'a>(
    out: &mut Vec<u8>,
    packet_id: u16,
    subscriptions: impl IntoIterator<Item = &'a Subscription>,
    version: MqttVersion,
) -> Result<(), Oversize> {
    let mut subscriptions = subscriptions.into_iter().peekable();
    let mut body = Writer::default();
    body.u16(packet_id);
    if version == MqttVersion::V5 {
        let first = subscriptions.peek();
        body.properties(|body| {
            let identifier = first.and_then(|first| first.identifier);
            body.variable_property(Property::SubscriptionIdentifier, identifier);
            body.user_properties(first.map_or(&[], |first| &first.user_properties));
        });
    }
    for subscription in subscriptions {
        body.text(&subscription.filter, Part::TopicFilter);
        body.u8(options(subscription, version));
    }
    body.finish(out, PacketKind::Subscribe, PacketKind::Subscribe.flags(), 0)
}

fn options(subscription: &Subscription, version: MqttVersion) -> u8 {
    let Subscription { qos, no_local, retain_as_published, retain_handling, .. } = subscription;
    let mut options = u8::from(*qos);
    if version == MqttVersion::V5 {
        options |= if *no_local { NO_LOCAL } else { 0 };
        options |= if *retain_as_published { RETAIN_AS_PUBLISHED } else { 0 };
        options |= u8::from(*retain_handling) << RETAIN_HANDLING_SHIFT;
    }
    options
}

/// Appends an UNSUBSCRIBE; versions before MQTT 5 have no user properties.
pub fn unsubscribe<'a>(
    out: &mut Vec<u8>,
    packet_id: u16,
    filters: impl IntoIterator<Item = &'a str>,
    user_properties: &[(String, String)],
    version: MqttVersion,
) -> Result<(), Oversize> {
    let mut body = Writer::default();
    body.u16(packet_id);
    if version == MqttVersion::V5 {
        body.properties(|body| body.user_properties(user_properties));
    }
    for filter in filters {
        body.text(filter, Part::TopicFilter);
    }
    body.finish(out, PacketKind::Unsubscribe, PacketKind::Unsubscribe.flags(), 0)
}

/// A client's SUBSCRIBE.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subscribe {
    /// Packet identifier, repeated in SUBACK.
    pub packet_id: u16,
    /// One or more subscriptions, all with the packet's subscription identifier; the first has its user properties.
    pub subscriptions: Vec<Subscription>,
}

impl Subscribe {
    pub(super) fn decode(body: &[u8], version: MqttVersion) -> Result<Self, Malformed> {
        let mut reader = Reader::new(PacketKind::Subscribe, body);
        let packet_id = reader.packet_id()?;
        let mut identifier = None;
        let mut user_properties = Vec::new();
        if version == MqttVersion::V5 {
            let mut properties = reader.properties()?;
            while let Some(property) = properties.next()? {
                match property {
                    Property::SubscriptionIdentifier => {
                        identifier = Some(properties.subscription_identifier()?);
                    }
                    Property::User => user_properties.push(properties.pair()?),
                    _ => return Err(properties.misplaced()),
                }
            }
        }
        let mut subscriptions = Vec::new();
        while !reader.is_empty() {
            subscriptions.push(Self::subscription(&mut reader, identifier, version)?);
        }
        if subscriptions.is_empty() {
            return Err(reader.malformed(Flaw::NoTopicFilter));
        }
        if let Some(first) = subscriptions.first_mut() {
            first.user_properties = user_properties;
        }
        Ok(Self { packet_id, subscriptions })
    }

    fn subscription(
        reader: &mut Reader<'_>,
        identifier: Option<u32>,
        version: MqttVersion,
    ) -> Result<Subscription, Malformed> {
        let filter = reader.text(Part::TopicFilter)?;
        let options = reader.u8(Part::SubscriptionOptions)?;
        let most = if version == MqttVersion::V5 { 0b0011_1111 } else { QOS };
        let handling = RetainHandling::try_from((options & !0b1100_0000) >> RETAIN_HANDLING_SHIFT);
        match (QoS::try_from(options & QOS), handling) {
            (Ok(qos), Ok(retain_handling)) if options <= most => Ok(Subscription {
                filter,
                qos,
                no_local: options & NO_LOCAL != 0,
                retain_as_published: options & RETAIN_AS_PUBLISHED != 0,
                retain_handling,
                identifier,
                user_properties: Vec::new(),
                enabled: true,
            }),
            _ => Err(reader.malformed(Flaw::SubscriptionOptions(options))),
        }
    }
}

/// The answer to a SUBSCRIBE.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubAck {
    /// Packet identifier of the SUBSCRIBE.
    pub packet_id: u16,
    /// For each topic filter, in order: the QoS granted or a failure.
    pub reasons: Vec<ReasonCode>,
    /// The broker's explanation in words.
    pub reason_string: Option<String>,
}

impl SubAck {
    pub(super) fn decode(body: &[u8], version: MqttVersion) -> Result<Self, Malformed> {
        let mut reader = Reader::new(PacketKind::SubAck, body);
        let packet_id = reader.packet_id()?;
        let reason_string = if version == MqttVersion::V5 { reason_string(&mut reader)? } else { None };
        if reader.is_empty() {
            return Err(reader.malformed(Flaw::NoReasonCode));
        }
        if let Some(code) = reader.rest.iter().find(|code| !matches!(code, 0..=2 | 0x80..)) {
            return Err(reader.malformed(Flaw::GrantedQoS(*code)));
        }
        let reasons = reader.rest.iter().copied().map(ReasonCode).collect();
        Ok(Self { packet_id, reasons, reason_string })
    }

    /// The code for the only topic filter that was asked for.
    pub fn only(&self) -> Result<ReasonCode, Malformed> {
        match self.reasons[..] {
            [only] => Ok(only),
            _ => Err(Malformed::new(PacketKind::SubAck, Flaw::Answers(self.reasons.len()))),
        }
    }

    /// Appends the packet.
    pub fn encode(&self, out: &mut Vec<u8>, version: MqttVersion) -> Result<(), Oversize> {
        let Self { packet_id, reasons, reason_string } = self;
        let body = answer(*packet_id, reasons, reason_string.as_deref(), version);
        body.finish(out, PacketKind::SubAck, 0, 0)
    }
}

/// A client's UNSUBSCRIBE.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unsubscribe {
    /// Packet identifier, repeated in UNSUBACK.
    pub packet_id: u16,
    /// One or more topic filters.
    pub filters: Vec<String>,
    /// MQTT 5: user properties.
    pub user_properties: Vec<(String, String)>,
}

impl Unsubscribe {
    pub(super) fn decode(body: &[u8], version: MqttVersion) -> Result<Self, Malformed> {
        let mut reader = Reader::new(PacketKind::Unsubscribe, body);
        let packet_id = reader.packet_id()?;
        let mut user_properties = Vec::new();
        if version == MqttVersion::V5 {
            let mut properties = reader.properties()?;
            while let Some(property) = properties.next()? {
                match property {
                    Property::User => user_properties.push(properties.pair()?),
                    _ => return Err(properties.misplaced()),
                }
            }
        }
        let mut filters = Vec::new();
        while !reader.is_empty() {
            filters.push(reader.text(Part::TopicFilter)?);
        }
        if filters.is_empty() {
            return Err(reader.malformed(Flaw::NoTopicFilter));
        }
        Ok(Self { packet_id, filters, user_properties })
    }
}

/// The answer to an UNSUBSCRIBE.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnsubAck {
    /// Packet identifier of the UNSUBSCRIBE.
    pub packet_id: u16,
    /// For each topic filter, in order; none in versions before 5.
    pub reasons: Vec<ReasonCode>,
    /// The broker's explanation in words.
    pub reason_string: Option<String>,
}

impl UnsubAck {
    pub(super) fn decode(body: &[u8], version: MqttVersion) -> Result<Self, Malformed> {
        let mut reader = Reader::new(PacketKind::UnsubAck, body);
        let mut unsuback = Self { packet_id: reader.packet_id()?, ..Self::default() };
        if version == MqttVersion::V5 {
            unsuback.reason_string = reason_string(&mut reader)?;
            if reader.is_empty() {
                return Err(reader.malformed(Flaw::NoReasonCode));
            }
            unsuback.reasons = reader.rest.iter().copied().map(ReasonCode).collect();
        }
        Ok(unsuback)
    }

    /// The code for the only topic filter that was asked about; success in versions before 5, which have no codes.
    pub fn only(&self) -> Result<ReasonCode, Malformed> {
        match self.reasons[..] {
            [] => Ok(ReasonCode::SUCCESS),
            [only] => Ok(only),
            _ => Err(Malformed::new(PacketKind::UnsubAck, Flaw::Answers(self.reasons.len()))),
        }
    }

    /// Appends the packet.
    pub fn encode(&self, out: &mut Vec<u8>, version: MqttVersion) -> Result<(), Oversize> {
        let Self { packet_id, reasons, reason_string } = self;
        let reasons = if version == MqttVersion::V5 { reasons.as_slice() } else { &[] };
        let body = answer(*packet_id, reasons, reason_string.as_deref(), version);
        body.finish(out, PacketKind::UnsubAck, 0, 0)
    }
}

/// Decodes what SUBACK and UNSUBACK have in common.
fn answer(
    packet_id: u16,
    reasons: &[ReasonCode],
    reason_string: Option<&str>,
    version: MqttVersion,
) -> Writer {
    let mut body = Writer::default();
    body.u16(packet_id);
    if version == MqttVersion::V5 {
        body.properties(|body| body.text_property(Property::ReasonString, reason_string));
    }
    for reason in reasons {
        body.u8(reason.0);
    }
    body
}
