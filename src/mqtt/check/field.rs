//! The fields of a connection, as the form shows them.

/// A field of the form. Fields compare in the order of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The name of a saved connection, which the store checks.
    Name,
    /// Host name or address, or the path of a socket file.
    Host,
    /// TCP port.
    Port,
    /// Path of a websocket.
    Path,
    /// The websocket header at this index.
    Header(usize),
    /// Sub-protocol of a websocket.
    Subprotocol,
    /// Local address to connect from.
    BindAddress,
    /// Seconds allowed for connecting.
    ConnectTimeout,
    /// Seconds allowed for an answer.
    AnswerTimeout,
    /// The proxy's host.
    ProxyHost,
    /// The proxy's port.
    ProxyPort,
    /// The proxy's user name.
    ProxyUsername,
    /// CA certificate file.
    CaCertificate,
    /// Client certificate file.
    ClientCertificate,
    /// Client key file.
    ClientKey,
    /// Server name (SNI).
    ServerName,
    /// Application protocols (ALPN).
    Alpn,
    /// User name.
    Username,
    /// Kind of enhanced authentication.
    Authentication,
    /// Authentication method of a token.
    AuthenticationMethod,
    /// Client ID.
    ClientId,
    /// Seconds between pings.
    KeepAlive,
    /// MQTT 5: how long the broker keeps the session, in seconds.
    SessionExpiry,
    /// MQTT 5: how many messages the broker may leave unacknowledged.
    ReceiveMaximum,
    /// MQTT 5: the largest packet accepted, in bytes.
    MaximumPacketSize,
    /// MQTT 5: how many topics the broker may replace with an alias.
    TopicAliasMaximum,
    /// MQTT 5: whether the broker is asked for response information.
    RequestResponseInformation,
    /// MQTT 5: whether the broker may explain errors in words.
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
    /// The variable at this index.
    Variable(usize),
}
