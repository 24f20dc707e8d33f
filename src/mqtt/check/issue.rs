//! What can be wrong with a field, or worth knowing about it.

use crate::mqtt::filter::InvalidTopic;
use crate::mqtt::options::MqttVersion;

/// What is wrong with a field, or what to know about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Issue {
    /// A saved connection without a name.
    NameMissing,
    /// No host.
    HostMissing,
    /// A host with the scheme of a URL before it.
    HostHasScheme,
    /// A host with spaces in it.
    HostHasSpaces,
    /// An IPv6 address in brackets.
    HostHasBrackets,
    /// A host with a port after it.
    HostHasPort,
    /// A host that is too long or has characters of which no host name consists.
    HostImpossible,
    /// A port that is 0.
    Port,
    /// A timeout of 0 s.
    Timeout,
    /// A socket file on a system that has none.
    SocketsUnsupported,
    /// No path of a socket file.
    SocketPathMissing,
    /// U+0000 in a path.
    PathHasNul,
    /// A path that a socket file cannot have.
    SocketPathTooLong {
        /// Its length.
        bytes: usize,
        /// The system's limit.
        bytes_max: usize,
    },
    /// A websocket's path that does not begin with a slash.
    WebsocketPathStart,
    /// A websocket's path with characters that HTTP does not allow there.
    WebsocketPathCharacters,
    /// A header's name with characters that HTTP does not allow there.
    HeaderName,
    /// A header of this name, which the websocket sets by itself.
    HeaderReserved(String),
    /// A header's value with characters that HTTP does not allow there.
    HeaderValue,
    /// A sub-protocol that is not one word.
    Subprotocol,
    /// A local address that is no IP address.
    BindAddress,
    /// No proxy host.
    ProxyHostMissing,
    /// Control characters in the proxy's user name.
    ProxyUsernameHasControls,
    /// A user name of so many bytes for a SOCKS5 proxy.
    ProxyUsernameTooLong(usize),
    /// A colon in the user name for an HTTP proxy.
    ProxyUsernameHasColon,
    /// A file without a path.
    PathMissing,
    /// A path that the file of connections cannot hold.
    PathNotUtf8,
    /// A client key without its certificate.
    KeyWithoutCertificate,
    /// A server name that is neither a host name nor an address.
    ServerName,
    /// An application protocol's name that is empty or too long.
    Alpn,
    /// A session to be kept, and no client ID to find it by.
    ClientIdMissing,
    /// SCRAM without a user name.
    ScramNeedsUsername,
    /// SCRAM with a version that has no enhanced authentication.
    ScramNeedsMqtt5,
    /// No authentication method of a token.
    MethodMissing,
    /// A receive maximum of 0.
    ReceiveMaximum,
    /// A maximum packet size that no packet would fit.
    MaximumPacketSize,
    /// U+0000 in a text.
    HasNul,
    /// A text of so many bytes; longer than MQTT can say.
    TooLong(usize),
    /// No topic name or no topic filter.
    Topic(InvalidTopic),
    /// A shared subscription with "no local" (MQTT 5.0, 3.8.3.1).
    SharedNoLocal,
    /// A subscription identifier that does not exist.
    SubscriptionIdentifier,
    /// Something that only MQTT 5 has and that is not sent with the version chosen.
    NotSentWith(MqttVersion),
    /// No TLS on a port where it is usual.
    PlainOnTlsPort(u16),
    /// A client ID that is longer than MQTT 3.1 allows.
    ClientIdTooLongForV3_1,
}
