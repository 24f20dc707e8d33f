//! What may help when something failed.

use crate::mqtt::options::{MqttVersion, Protocol};
use crate::mqtt::reason::ReasonCode;

/// A suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Edit the connection.
    EditConnection,
    /// Run the test again.
    RunAgain,
    /// The broker's log may say more.
    BrokerLog,
    /// The broker or something between is broken.
    Broken,
    /// The broker or something between is broken; its log may say more.
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
    /// The rights of the socket's file.
    SocketRights,
    /// The path must be a socket, and short.
    SocketKind,
    /// The broker may hang.
    BrokerHangs,
    /// Use TCP instead of a socket.
    UseTcp,

    /// The proxy may be of the other kind, or may not reach the broker.
    ProxyKindOrReach,
    /// The proxy may be one of SOCKS5.
    ProxyNotHttp,
    /// The proxy may be one of HTTP.
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
    /// It may not be a proxy.
    ProxyMayBeNone,
    /// The proxy's log may say more.
    ProxyLog,
    /// SOCKS5 needs user name and password, and takes no longer ones.
    Socks5Login,
    /// SOCKS5 takes no longer host names.
    Socks5Host,
    /// Use a name instead of an address, or the other way round.
    ProxyAddressKind,

    /// Check the disk with the files.
    CheckDisk,
    /// In what formats a CA certificate may be.
    CaFormats,
    /// Install the system's CA certificates, or choose one.
    InstallAuthorities,
    /// In what formats certificates and keys may be.
    FileFormats,
    /// Choose a file in one of the formats just named.
    TheseFormats,
    /// Choose a certificate in PEM or DER.
    CertificateFormats,
    /// Which file is the certificate and which the key.
    CertificateAndKey,
    /// How a file with a key is recognised.
    KeyFile,
    /// Choose the file of the key.
    ChooseKey,
    /// Which keys can be used.
    KeyKinds,
    /// Choose the key of the certificate.
    KeyOfCertificate,
    /// Type the key's passphrase.
    TypePassphrase,
    /// Type the passphrase that the key was encrypted with.
    RightPassphrase,
    /// Convert a key of OpenSSH; the file is that of the step.
    ConvertOpenSsh,
    /// Convert an encrypted key; the file is that of the step.
    ConvertKey,
    /// Convert a file in PKCS#12; the file is that of the step.
    ConvertPkcs12,

    /// The port may not speak TLS.
    MayBePlain,
    /// Use no TLS, or another port.
    UsePlain,
    /// A broker without TLS may wait for ever.
    PlainMayWait,
    /// Check the host, or set a server name.
    SetServerName,
    /// The broker's ciphers are too old.
    OldCiphers,
    /// Which versions of TLS are supported.
    TlsVersions,
    /// Leave ALPN empty, or use the documented name.
    Alpn,
    /// Choose a client certificate and its key.
    ChooseClientCertificate,
    /// Choose a client certificate of an authority that the broker knows.
    ClientCertificateAuthority,
    /// Choose such a certificate, or read the broker's log.
    ClientCertificateAuthorityOrLog,
    /// Choose a newer client certificate and check the clocks.
    NewerClientCertificate,
    /// Choose another client certificate.
    OtherClientCertificate,
    /// The broker's log may say why.
    BrokerLogWhy,
    /// What a refused handshake may be for.
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
    /// A broker of plain MQTT may wait for ever.
    MqttMayWait,
    /// Use wss, or the port without TLS.
    UseWssOrPlain,
    /// Use wss and its port.
    UseWss,
    /// Use the address of the redirection.
    FollowRedirect,
    /// Which paths brokers use.
    UsualPaths,
    /// Check the path; which ones brokers use.
    CheckPath,
    /// Check the path: another service may be there.
    OtherService,
    /// A header or another path may be wanted.
    HeaderOrPath,
    /// Check path and sub-protocol.
    PathAndSubprotocol,
    /// Check path and sub-protocol, or use wss.
    PathAndSubprotocolOrWss,
    /// The broker behind the web server may be down.
    BrokerBehind,
    /// Check host, port and path.
    HostPortPath,
    /// How a character is escaped in a path.
    EscapePath,
    /// Check the header's name and value.
    CheckHeader,
    /// Something between does not let websockets through.
    WebsocketsBlocked,
    /// A cache may stand between.
    CacheBetween,
    /// The server or something between is broken.
    ServerBroken,
    /// Choose that sub-protocol, or check the path.
    ChooseSubprotocol,

    /// It is a web server's port.
    WebServer,
    /// Use mqtts, or the port without TLS.
    UseMqttsOrPlain,
    /// Something takes TLS connections there and does not speak MQTT.
    NotMqttInTls,
    /// Something takes connections there and does not speak MQTT, or expects TLS.
    NotMqttOrTls,
    /// On which ports brokers listen.
    UsualPorts,
    /// Try MQTT 3.1.1.
    TryVersion(MqttVersion),
    /// Try another version of MQTT.
    TryAnotherVersion,
    /// Why a broker closes without an answer; this version is worth a try, if any.
    ClosedBeforeConnack(Option<MqttVersion>),
    /// Why a broker closes without a reason.
    ClosedWithoutReason,
    /// What helps against this reason code.
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
    /// Shorten what is too long.
    Shorten,
    /// The broker may hang; its log may say more.
    BrokerHangsOrLog,
    /// So many messages came meanwhile: narrower filters may help.
    NarrowerFilters(u64),
    /// The broker's access rules decide.
    AccessRules,
}
