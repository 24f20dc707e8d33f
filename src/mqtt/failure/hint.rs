//! Suggestions for what may help after a failure.

use crate::mqtt::options::{MqttVersion, Protocol};
use crate::mqtt::reason::ReasonCode;

/// A suggestion for what may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Edit the connection.
    EditConnection,
    /// Run the test again.
    RunAgain,
    /// The broker's log may say more.
    BrokerLog,
    /// The broker, or something on the way to it, is broken.
    Broken,
    /// The broker, or something on the way to it, is broken; the broker's log may say more.
    BrokenOrLog,

    /// Check the host's spelling and the network.
    CheckHost,
    /// Check the network and the name server.
    CheckNameServer,
    /// Check host, port and firewall.
    CheckPort,
    /// Check the network and the host.
    CheckNetwork,
    /// Nothing listens on the port.
    NothingListens,
    /// How a local address is written.
    LocalAddressSyntax,
    /// The local address is of the other family.
    LocalAddressFamily,
    /// The local address must be one of this computer.
    LocalAddressOfThisComputer,

    /// Check the socket's path.
    SocketPath,
    /// The socket may be left over.
    SocketLeftOver,
    /// Check the permissions of the socket file.
    SocketRights,
    /// The path must be a socket, and short.
    SocketKind,
    /// The broker may hang.
    BrokerHangs,
    /// Use TCP instead of a socket.
    UseTcp,

    /// The proxy may be of another kind or unable to reach the broker.
    ProxyKindOrReach,
    /// The proxy may speak SOCKS5.
    ProxyNotHttp,
    /// The proxy may speak HTTP.
    ProxyNotSocks5,
    /// Check the proxy's login; only basic authentication is supported.
    ProxyLoginBasic,
    /// Check the proxy's user name and password.
    ProxyLogin,
    /// Type the proxy's user name and password.
    ProxyLoginMissing,
    /// Leave the proxy's user name empty.
    ProxyLoginUnwanted,
    /// Many HTTP proxies allow only port 443.
    ProxyPort443,
    /// Many proxies allow only some ports.
    ProxyPorts,
    /// Check the broker's address as the proxy sees it.
    ProxyView,
    /// It may be a plain web server.
    ProxyMayBeWebServer,
    /// It may not be a proxy at all.
    ProxyMayBeNone,
    /// The proxy's log may say more.
    ProxyLog,
    /// SOCKS5 needs a user name and password, of limited length.
    Socks5Login,
    /// SOCKS5 limits the length of a host name.
    Socks5Host,
    /// Use a name instead of an address, or the other way round.
    ProxyAddressKind,

    /// Check the disk that holds the files.
    CheckDisk,
    /// The formats that a CA certificate may have.
    CaFormats,
    /// Install the system's CA certificates or choose one.
    InstallAuthorities,
    /// The formats that certificates and keys may have.
    FileFormats,
    /// Choose a file in one of the formats just named.
    TheseFormats,
    /// Choose a certificate in PEM or DER.
    CertificateFormats,
    /// Which file holds the certificate and which the key.
    CertificateAndKey,
    /// How to recognise a key file.
    KeyFile,
    /// Choose the key file.
    ChooseKey,
    /// Which keys can be used.
    KeyKinds,
    /// Choose the key that belongs to the certificate.
    KeyOfCertificate,
    /// Type the key's passphrase.
    TypePassphrase,
    /// Type the passphrase that encrypts the key.
    RightPassphrase,
    /// Convert an OpenSSH key; the step names the file.
    ConvertOpenSsh,
    /// Convert an encrypted key; the step names the file.
    ConvertKey,
    /// Convert a PKCS#12 file; the step names the file.
    ConvertPkcs12,

    /// The port may not speak TLS.
    MayBePlain,
    /// Turn TLS off or use another port.
    UsePlain,
    /// A broker without TLS may wait forever.
    PlainMayWait,
    /// Check the host or set a server name.
    SetServerName,
    /// The broker's ciphers are too old.
    OldCiphers,
    /// The supported TLS versions.
    TlsVersions,
    /// Leave ALPN empty or use the documented name.
    Alpn,
    /// Choose a client certificate and its key.
    ChooseClientCertificate,
    /// Choose a client certificate from an authority that the broker knows.
    ClientCertificateAuthority,
    /// Choose a client certificate from a known authority, or read the broker's log.
    ClientCertificateAuthorityOrLog,
    /// Choose a newer client certificate and check the clocks.
    NewerClientCertificate,
    /// Choose another client certificate.
    OtherClientCertificate,
    /// The broker's log may say why.
    BrokerLogWhy,
    /// What a refused handshake may mean.
    HandshakeRefused,
    /// Connect by the name that the broker is configured for.
    ConfiguredName,
    /// Trust the broker's own certificate.
    TrustCertificate,
    /// Trust the authority of the broker's certificate.
    TrustAuthority,
    /// Connect by the name in the certificate.
    CertificateName,
    /// The broker needs a new certificate.
    BrokerCertificateExpired,
    /// Check this computer's clock.
    CheckClock,
    /// The broker needs a certificate of version 3.
    BrokerCertificateVersion,

    /// The port may speak plain MQTT: use the protocol with this name.
    MayBeMqtt(Protocol),
    /// A plain MQTT broker may wait forever.
    MqttMayWait,
    /// Use wss or the port without TLS.
    UseWssOrPlain,
    /// Use wss and its port.
    UseWss,
    /// Use the redirection's address.
    FollowRedirect,
    /// The paths that brokers usually use.
    UsualPaths,
    /// Check the path against those that brokers usually use.
    CheckPath,
    /// Check the path: another service may be there.
    OtherService,
    /// A header or another path may be needed.
    HeaderOrPath,
    /// Check the path and the sub-protocol.
    PathAndSubprotocol,
    /// Check the path and the sub-protocol, or use wss.
    PathAndSubprotocolOrWss,
    /// The broker behind the web server may be down.
    BrokerBehind,
    /// Check host, port and path.
    HostPortPath,
    /// How a character is escaped in a path.
    EscapePath,
    /// Check the header's name and value.
    CheckHeader,
    /// Something on the way does not let websockets through.
    WebsocketsBlocked,
    /// A cache may be in the way.
    CacheBetween,
    /// The server, or something on the way to it, is broken.
    ServerBroken,
    /// Choose that sub-protocol or check the path.
    ChooseSubprotocol,

    /// The port belongs to a web server.
    WebServer,
    /// Use mqtts or the port without TLS.
    UseMqttsOrPlain,
    /// Something accepts TLS connections there but does not speak MQTT.
    NotMqttInTls,
    /// Something accepts connections there but does not speak MQTT, or expects TLS.
    NotMqttOrTls,
    /// The ports that brokers usually listen on.
    UsualPorts,
    /// Try this version of MQTT.
    TryVersion(MqttVersion),
    /// Try another version of MQTT.
    TryAnotherVersion,
    /// Why a broker may close without answering, with a version worth trying if there is one.
    ClosedBeforeConnack(Option<MqttVersion>),
    /// Why a broker may close without giving a reason.
    ClosedWithoutReason,
    /// What helps with this reason code.
    Reason(ReasonCode),
    /// Check the token and its method.
    CheckToken,
    /// Check the login and the kind of authentication.
    CheckAuthentication,
    /// The network may be down or slow.
    NetworkSlow,
    /// Raise the maximum packet size of the connection.
    RaisePacketSize,
    /// The broker's own maximum packet size is too small.
    BrokerPacketSize,
    /// Shorten the part that is too long.
    Shorten,
    /// The broker may hang; its log may say more.
    BrokerHangsOrLog,
    /// This many messages arrived meanwhile; narrower filters may help.
    NarrowerFilters(u64),
    /// The broker's access rules decide.
    AccessRules,
}
