//! Reasons, as data, why bytes are not the packet that they claim to be.

use crate::mqtt::packet::property::Property;
use crate::mqtt::reason::ReasonCode;
use crate::mqtt::trace::PacketKind;

/// A packet that breaks the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The packet's type; `None` if its first byte does not tell.
    pub packet: Option<PacketKind>,
    /// What is wrong with it.
    pub flaw: Flaw,
}

impl Malformed {
    /// Creates an error for this packet and flaw.
    #[cold]
    pub fn new(packet: impl Into<Option<PacketKind>>, flaw: Flaw) -> Self {
        Self { packet: packet.into(), flaw }
    }

    /// The reason code for a DISCONNECT (MQTT 5.0, 2.4).
    pub fn reason(&self) -> ReasonCode {
        self.flaw.reason()
    }
}

/// What is wrong with a packet: its bytes, or what it says at this point of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Its type is 0.
    NoType,
    /// The flags of its fixed header are not those its type requires (MQTT 5.0, 2.1.3).
    Flags {
        /// The flags it has.
        found: u8,
        /// The flags it must have.
        wanted: u8,
    },
    /// Its length takes more than four bytes.
    LengthTooLong,
    /// A number in it takes more than four bytes.
    NumberTooLong(Part),
    /// It ends within a part.
    EndsWithin(Part),
    /// This many bytes follow its end.
    TrailingBytes(usize),
    /// A part is not UTF-8.
    NotUtf8(Part),
    /// Its packet identifier is 0 (MQTT 5.0, 2.2.1).
    NoPacketId,
    /// Its properties are longer than this program reads, with their length in bytes.
    PropertiesTooLong(usize),
    /// It has a property that MQTT 5 does not know.
    UnknownProperty(u32),
    /// It repeats a property that may occur only once.
    RepeatedProperty(Property),
    /// It has a property that belongs to other packets.
    MisplacedProperty(Property),
    /// A property has a value that it cannot have.
    PropertyValue(Property, u32),
    /// A PUBLISH at QoS 3.
    QoS3,
    /// A PUBLISH with neither a topic nor an alias.
    NoTopic,
    /// A packet that only MQTT 5 has, in an older version.
    NeedsMqtt5,
    /// Only clients send such packets.
    OnlyClientsSend,
    /// Only brokers send such packets.
    OnlyBrokersSend,
    /// A CONNACK of MQTT 5 without properties, like one of MQTT 3.1.1.
    NoProperties,
    /// A SUBACK or UNSUBACK without a reason code.
    NoReasonCode,
    /// A SUBACK with a code that is neither a QoS nor a failure.
    GrantedQoS(u8),
    /// A SUBACK or UNSUBACK with this many codes for one topic filter.
    Answers(usize),
    /// It answers a packet that requires a different answer.
    WrongAnswer {
        /// The packet that it answers.
        to: PacketKind,
        /// The answer required.
        wanted: PacketKind,
    },
    /// A SUBSCRIBE or UNSUBSCRIBE without a topic filter.
    NoTopicFilter,
    /// A SUBSCRIBE whose options have bits or values that no version knows.
    SubscriptionOptions(u8),
    /// A CONNECT of another protocol.
    ProtocolName,
    /// A CONNECT with an unknown version of MQTT.
    ProtocolLevel(u8),
    /// A CONNECT whose flags contradict each other or have a reserved bit set.
    ConnectFlags(u8),
    /// More QoS 2 messages at once than the receive maximum, which is given.
    ReceiveMaximumExceeded(usize),
    /// A topic alias outside the allowed range.
    TopicAlias {
        /// The alias sent.
        alias: u16,
        /// The largest alias allowed; 0: none.
        alias_max: u16,
    },
    /// A topic alias that stands for nothing on this connection.
    UnknownTopicAlias(u16),
    /// The topics behind its aliases take more bytes than this.
    TopicAliasesTooLong(usize),
    /// It is longer than this program reads of its type.
    TooLong {
        /// Its length in bytes.
        bytes: usize,
        /// The limit in bytes.
        bytes_max: usize,
    },
    /// The topic and properties of a PUBLISH are longer than the packet.
    HeadTooLong,
    /// The topic and properties of a PUBLISH take more bytes than this program reads.
    HeadAboveLimit,
    /// A second CONNACK on an established connection.
    Twice,
    /// An AUTH on an established connection.
    NotAskedFor,
    /// The data received is text.
    Text,
}

impl Flaw {
    /// The reason code for a DISCONNECT: bytes that break the format are malformed; readable packets that break the
    /// rules are a protocol error (MQTT 5.0, 4.13).
    pub fn reason(self) -> ReasonCode {
        match self {
            Self::NoType
            | Self::Flags { .. }
            | Self::LengthTooLong
            | Self::NumberTooLong(_)
            | Self::EndsWithin(_)
            | Self::TrailingBytes(_)
            | Self::NotUtf8(_)
            | Self::NoPacketId
            | Self::PropertiesTooLong(_)
            | Self::UnknownProperty(_)
            | Self::QoS3
            | Self::NeedsMqtt5
            | Self::NoProperties
            | Self::NoReasonCode
            | Self::GrantedQoS(_)
            | Self::Answers(_)
            | Self::SubscriptionOptions(_)
            | Self::ProtocolName
            | Self::ConnectFlags(_)
            | Self::TooLong { .. }
            | Self::HeadTooLong
            | Self::HeadAboveLimit
            | Self::Text => ReasonCode::MALFORMED_PACKET,
            Self::RepeatedProperty(_)
            | Self::MisplacedProperty(_)
            | Self::PropertyValue(..)
            | Self::NoTopic
            | Self::OnlyClientsSend
            | Self::OnlyBrokersSend
            | Self::NoTopicFilter
            | Self::UnknownTopicAlias(_)
            | Self::Twice
            | Self::WrongAnswer { .. }
            | Self::NotAskedFor => ReasonCode::PROTOCOL_ERROR,
            Self::ProtocolLevel(_) => ReasonCode::UNSUPPORTED_PROTOCOL_VERSION,
            Self::ReceiveMaximumExceeded(_) => ReasonCode::RECEIVE_MAXIMUM_EXCEEDED,
            Self::TopicAlias { .. } => ReasonCode::TOPIC_ALIAS_INVALID,
            Self::TopicAliasesTooLong(_) => ReasonCode::QUOTA_EXCEEDED,
        }
    }
}

/// A part of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// CONNECT: `MQTT`, or `MQIsdp` in version 3.1.
    ProtocolName,
    /// CONNECT: the number of the version.
    ProtocolLevel,
    /// CONNECT and CONNACK: their own flags.
    Flags,
    /// CONNECT: keep alive.
    KeepAlive,
    /// CONNECT: client ID.
    ClientId,
    /// CONNECT: topic of the will.
    WillTopic,
    /// CONNECT: payload of the will.
    WillPayload,
    /// CONNECT: user name.
    Username,
    /// CONNECT: password.
    Password,
    /// Reason code, or return code in MQTT 3.
    ReasonCode,
    /// PUBLISH: topic.
    Topic,
    /// Packet identifier.
    PacketId,
    /// SUBSCRIBE and UNSUBSCRIBE: topic filter.
    TopicFilter,
    /// SUBSCRIBE: options of a topic filter.
    SubscriptionOptions,
    /// The length before the properties.
    PropertyLength,
    /// All properties.
    Properties,
    /// The identifier before a property.
    PropertyId,
    /// The value of a property.
    Property(Property),
    /// Everything after the fixed header.
    Content,
}

/// A part is longer than MQTT allows. Nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Oversize(pub Part);
