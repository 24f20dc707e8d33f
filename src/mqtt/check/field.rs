//! The fields of a connection, as the form shows them.

/// A field of the form. They compare in the form's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The name of a saved connection, which the store checks.
    Name,
    /// Host name or address; with a socket file its path.
    Host,
    /// TCP port.
    Port,
    /// Path of a websocket.
    Path,
    /// The websocket's header at this index.
    Header(usize),
    /// Sub-protocol of a websocket.
    Subprotocol,
    /// Local address to connect from.
    BindAddress,
    /// Seconds that connecting may take.
    ConnectTimeout,
    /// Seconds that an answer may take.
    AnswerTimeout,
    /// The proxy's host.
    ProxyHost,
    /// The proxy's port.
    ProxyPort,
    /// The proxy's user name.
    ProxyUsername,
    /// File of certificate authorities.
    CaCertificate,
    /// File of the client's certificate.
    ClientCertificate,
    /// File of the client's key.
    ClientKey,
    /// Name for SNI.
    ServerName,
    /// Application protocols.
    Alpn,
    /// User name.
    Username,
    /// Kind of enhanced authentication.
    Authentication,
    /// Method of a token.
    AuthenticationMethod,
    /// Client ID.
    ClientId,
    /// Seconds between pings.
    KeepAlive,
    /// MQTT 5: seconds that the broker keeps the session.
    SessionExpiry,
    /// MQTT 5: unacknowledged messages.
    ReceiveMaximum,
    /// MQTT 5: bytes of a packet.
    MaximumPacketSize,
    /// MQTT 5: topics that may be a number.
    TopicAliasMaximum,
    /// MQTT 5: whether the broker is asked for response information.
    RequestResponseInformation,
    /// MQTT 5: whether the broker may say why.
    RequestProblemInformation,
    /// MQTT 5: the user property of CONNECT at this index.
    UserProperty(usize),
    /// Topic of the will.
    WillTopic,
    /// Payload of the will.
    WillPayload,
    /// MQTT 5: seconds before the will is published.
    WillDelay,
    /// MQTT 5: whether the will's payload is text.
    WillPayloadIsText,
    /// MQTT 5: seconds until the will is no longer delivered.
    WillMessageExpiry,
    /// MQTT 5: content type of the will.
    WillContentType,
    /// MQTT 5: response topic of the will.
    WillResponseTopic,
    /// MQTT 5: correlation data of the will.
    WillCorrelationData,
    /// MQTT 5: the will's user property at this index.
    WillUserProperty(usize),
    /// Topic filter of the subscription at this index, and its options.
    Subscription(usize),
    /// MQTT 5: identifier of the subscription at this index.
    SubscriptionIdentifier(usize),
}
