//! What can be wrong with a field, or worth knowing about it.

use crate::mqtt::filter::InvalidTopic;
use crate::mqtt::options::MqttVersion;

/// What is wrong with a field, or worth knowing about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Issue {
    /// A saved connection without a name.
    NameMissing,
    /// No host.
    HostMissing,
    /// A host preceded by a URL scheme.
    HostHasScheme,
    /// A host with spaces in it.
    HostHasSpaces,
    /// An IPv6 address in brackets.
    HostHasBrackets,
    /// A host followed by a port.
    HostHasPort,
    /// A host that is too long or contains characters that no host name has.
    HostImpossible,
    /// A port that is 0.
    Port,
    /// A timeout of 0 s.
    Timeout,
    /// A socket file on a system that does not support them.
    SocketsUnsupported,
    /// No path for the socket file.
    SocketPathMissing,
    /// U+0000 in a path.
    PathHasNul,
    /// A socket path longer than the system allows.
    SocketPathTooLong {
        /// Length of the path.
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
    /// A header that the websocket sets itself.
    HeaderReserved(String),
    /// A header's value with characters that HTTP does not allow there.
    HeaderValue,
    /// A sub-protocol that is not one word.
    Subprotocol,
    /// A local address that is not an IP address.
    BindAddress,
    /// No proxy host.
    ProxyHostMissing,
    /// Control characters in the proxy's user name.
    ProxyUsernameHasControls,
    /// A user name too long for a SOCKS5 proxy, with its length in bytes.
    ProxyUsernameTooLong(usize),
    /// A colon in the user name of an HTTP proxy.
    ProxyUsernameHasColon,
    /// A file without a path.
    PathMissing,
    /// A path that is not UTF-8, so the connections file cannot hold it.
    PathNotUtf8,
    /// A client key without its certificate.
    KeyWithoutCertificate,
    /// A server name that is neither a host name nor an address.
    ServerName,
    /// An application protocol's name that is empty or too long.
    Alpn,
    /// A session to keep, but no client ID to find it by.
    ClientIdMissing,
    /// SCRAM without a user name.
    ScramNeedsUsername,
    /// SCRAM with a version that has no enhanced authentication.
    ScramNeedsMqtt5,
    /// A token without an authentication method.
    MethodMissing,
    /// A receive maximum of 0.
    ReceiveMaximum,
    /// A maximum packet size too small for any packet.
    MaximumPacketSize,
    /// A variable with a name that `{{name}}` cannot stand for.
    VariableName,
    /// A variable with the name of an earlier one.
    VariableTwice,
    /// U+0000 in a text.
    HasNul,
    /// A text longer than MQTT allows, with its length in bytes.
    TooLong(usize),
    /// An invalid topic name or topic filter.
    Topic(InvalidTopic),
    /// A shared subscription with "no local" (MQTT 5.0, 3.8.3.1).
    SharedNoLocal,
    /// A subscription identifier outside the allowed range.
    SubscriptionIdentifier,
    /// An MQTT 5 option that is not sent with the chosen version.
    NotSentWith(MqttVersion),
    /// No TLS on a port where TLS is usual.
    PlainOnTlsPort(u16),
    /// A client ID longer than MQTT 3.1 allows.
    ClientIdTooLongForV3_1,
}
