//! Properties of MQTT 5 (MQTT 5.0, 2.2.2).

use crate::mqtt::limits::PROPERTIES_BYTES_MAX;
use crate::mqtt::packet::malformed::{Flaw, Malformed, Part};
use crate::mqtt::packet::reader::Reader;
use crate::mqtt::packet::writer::Writer;
use crate::mqtt::reason;

/// A property by its identifier (MQTT 5.0, 2.2.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the specification's names")]
pub enum Property {
    PayloadFormatIndicator = 0x01,
    MessageExpiryInterval = 0x02,
    ContentType = 0x03,
    ResponseTopic = 0x08,
    CorrelationData = 0x09,
    SubscriptionIdentifier = 0x0B,
    SessionExpiryInterval = 0x11,
    AssignedClientIdentifier = 0x12,
    ServerKeepAlive = 0x13,
    AuthenticationMethod = 0x15,
    AuthenticationData = 0x16,
    RequestProblemInformation = 0x17,
    WillDelayInterval = 0x18,
    RequestResponseInformation = 0x19,
    ResponseInformation = 0x1A,
    ServerReference = 0x1C,
    ReasonString = 0x1F,
    ReceiveMaximum = 0x21,
    TopicAliasMaximum = 0x22,
    TopicAlias = 0x23,
    MaximumQoS = 0x24,
    RetainAvailable = 0x25,
    User = 0x26,
    MaximumPacketSize = 0x27,
    WildcardSubscriptionAvailable = 0x28,
    SubscriptionIdentifierAvailable = 0x29,
    SharedSubscriptionAvailable = 0x2A,
}

impl Property {
    /// All properties, in the order of their identifiers.
    pub const ALL: [Self; 27] = [
        Self::PayloadFormatIndicator,
        Self::MessageExpiryInterval,
        Self::ContentType,
        Self::ResponseTopic,
        Self::CorrelationData,
        Self::SubscriptionIdentifier,
        Self::SessionExpiryInterval,
        Self::AssignedClientIdentifier,
        Self::ServerKeepAlive,
        Self::AuthenticationMethod,
        Self::AuthenticationData,
        Self::RequestProblemInformation,
        Self::WillDelayInterval,
        Self::RequestResponseInformation,
        Self::ResponseInformation,
        Self::ServerReference,
        Self::ReasonString,
        Self::ReceiveMaximum,
        Self::TopicAliasMaximum,
        Self::TopicAlias,
        Self::MaximumQoS,
        Self::RetainAvailable,
        Self::User,
        Self::MaximumPacketSize,
        Self::WildcardSubscriptionAvailable,
        Self::SubscriptionIdentifierAvailable,
        Self::SharedSubscriptionAvailable,
    ];

    /// Whether the property may occur several times in one packet. Only brokers repeat the subscription identifier, in
    /// a PUBLISH.
    fn may_repeat(self) -> bool {
        matches!(self, Self::User | Self::SubscriptionIdentifier)
    }
}

/// The properties of one packet, read one at a time: call [`Properties::next`], then read the value by its type.
pub(super) struct Properties<'a> {
    reader: Reader<'a>,
    current: Property,
    /// One bit for each property seen.
    seen: u64,
}

impl<'a> Reader<'a> {
    /// Reads the property section.
    pub(super) fn properties(&mut self) -> Result<Properties<'a>, Malformed> {
        let bytes = self.variable(Part::PropertyLength)? as usize;
        if bytes > PROPERTIES_BYTES_MAX {
            return Err(self.malformed(Flaw::PropertiesTooLong(bytes)));
        }
        let rest = self.take(bytes, Part::Properties)?;
        let reader = Reader { packet: self.packet, rest };
        Ok(Properties { reader, current: Property::User, seen: 0 })
    }
}

impl Properties<'_> {
    /// The next property; its value must be read before the next call.
    pub(super) fn next(&mut self) -> Result<Option<Property>, Malformed> {
        if self.reader.is_empty() {
            return Ok(None);
        }
        let number = self.reader.variable(Part::PropertyId)?;
        let Some(property) = Property::ALL.into_iter().find(|property| *property as u32 == number) else {
            return Err(self.reader.malformed(Flaw::UnknownProperty(number)));
        };
        let bit = 1_u64 << number; // The largest is 0x2A.
        if self.seen & bit != 0 && !property.may_repeat() {
            return Err(self.reader.malformed(Flaw::RepeatedProperty(property)));
        }
        self.seen |= bit;
        self.current = property;
        Ok(Some(property))
    }

    /// The error for a property that this packet may not have.
    pub(super) fn misplaced(&self) -> Malformed {
        self.reader.malformed(Flaw::MisplacedProperty(self.current))
    }

    /// The error for a value that the property may not have.
    pub(super) fn invalid(&self, value: u32) -> Malformed {
        self.reader.malformed(Flaw::PropertyValue(self.current, value))
    }

    fn part(&self) -> Part {
        Part::Property(self.current)
    }

    fn u8(&mut self) -> Result<u8, Malformed> {
        self.reader.u8(self.part())
    }

    /// Reads a byte that is 0 or 1.
    pub(super) fn flag(&mut self) -> Result<bool, Malformed> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(self.invalid(other.into())),
        }
    }

    pub(super) fn u16(&mut self) -> Result<u16, Malformed> {
        self.reader.u16(self.part())
    }

    pub(super) fn u32(&mut self) -> Result<u32, Malformed> {
        self.reader.u32(self.part())
    }

    /// Reads a 16-bit limit, which may not be 0.
    pub(super) fn positive_u16(&mut self) -> Result<u16, Malformed> {
        match self.u16()? {
            0 => Err(self.invalid(0)),
            value => Ok(value),
        }
    }

    /// Reads a 32-bit limit, which may not be 0.
    pub(super) fn positive_u32(&mut self) -> Result<u32, Malformed> {
        match self.u32()? {
            0 => Err(self.invalid(0)),
            value => Ok(value),
        }
    }

    /// Reads a subscription identifier, which is never 0 (MQTT 5.0, 3.8.2.1.2).
    pub(super) fn subscription_identifier(&mut self) -> Result<u32, Malformed> {
        match self.variable()? {
            0 => Err(self.invalid(0)),
            value => Ok(value),
        }
    }

    fn variable(&mut self) -> Result<u32, Malformed> {
        self.reader.variable(self.part())
    }

    pub(super) fn text(&mut self) -> Result<String, Malformed> {
        self.reader.text(self.part())
    }

    /// Reads a text meant for people, as one line.
    pub(super) fn words(&mut self) -> Result<String, Malformed> {
        self.text().map(|text| reason::one_line(&text))
    }

    pub(super) fn binary(&mut self) -> Result<Vec<u8>, Malformed> {
        self.reader.binary(self.part()).map(<[u8]>::to_vec)
    }

    pub(super) fn pair(&mut self) -> Result<(String, String), Malformed> {
        Ok((self.text()?, self.text()?))
    }
}

/// Writes properties, leaving out empty ones.
impl Writer {
    fn identifier(&mut self, property: Property) {
        self.u8(property as u8);
    }

    pub(super) fn byte_property(&mut self, property: Property, value: Option<u8>) {
        if let Some(value) = value {
            self.identifier(property);
            self.u8(value);
        }
    }

    pub(super) fn flag_property(&mut self, property: Property, value: Option<bool>) {
        self.byte_property(property, value.map(u8::from));
    }

    pub(super) fn u16_property(&mut self, property: Property, value: Option<u16>) {
        if let Some(value) = value {
            self.identifier(property);
            self.u16(value);
        }
    }

    pub(super) fn u32_property(&mut self, property: Property, value: Option<u32>) {
        if let Some(value) = value {
            self.identifier(property);
            self.u32(value);
        }
    }

    pub(super) fn variable_property(&mut self, property: Property, value: Option<u32>) {
        if let Some(value) = value {
            self.identifier(property);
            self.variable(value as usize, Part::Property(property));
        }
    }

    pub(super) fn binary_property(&mut self, property: Property, value: Option<&[u8]>) {
        if let Some(value) = value {
            self.identifier(property);
            self.binary(value, Part::Property(property));
        }
    }

    pub(super) fn text_property(&mut self, property: Property, value: Option<&str>) {
        self.binary_property(property, value.map(str::as_bytes));
    }

    pub(super) fn user_properties(&mut self, pairs: &[(String, String)]) {
        for (name, value) in pairs {
            self.identifier(Property::User);
            self.text(name, Part::Property(Property::User));
            self.text(value, Part::Property(Property::User));
        }
    }
}
