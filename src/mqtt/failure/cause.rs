//! The causes of failures, from the options up to MQTT.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use crate::mqtt::check::Problem;
use crate::mqtt::failure::{IoError, ScramCause};
use crate::mqtt::link::Rejection;
use crate::mqtt::options::MqttVersion;
use crate::mqtt::packet::{Malformed, Oversize};
use crate::mqtt::reason::Reason;
use crate::mqtt::trace::PacketKind;

/// Why a step failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Nothing came in time.
    NoAnswer {
        /// How long the program waited, in seconds.
        within_s: u64,
    },
    /// The other side closed the connection.
    Closed,
    /// An error from the operating system.
    Io(IoError),
    /// An option cannot be used.
    Option(Box<Problem>),
    /// A host name could not be resolved.
    Name(NameCause),
    /// The local address cannot be used.
    LocalAddress(LocalAddressCause),
    /// No address of the host accepted the connection. Lists all of them in the order they were tried.
    Tcp(Vec<TcpAttempt>),
    /// A socket in the file system cannot be used.
    Socket(SocketCause),
    /// A certificate or key file cannot be used.
    File(FileCause),
    /// The proxy failed.
    Proxy(ProxyCause),
    /// TLS failed.
    Tls(TlsCause),
    /// The websocket failed.
    Websocket(WebsocketCause),
    /// MQTT failed.
    Mqtt(MqttCause),
    /// The program itself ended it.
    Program(ProgramCause),
}

/// Lets each specific cause convert into [`Cause`].
macro_rules! causes {
    ($($cause:ident: $part:ty,)*) => {
        $(impl From<$part> for Cause {
            fn from(cause: $part) -> Self {
                Self::$cause(cause)
            }
        })*
    };
}

causes! {
    Name: NameCause,
    LocalAddress: LocalAddressCause,
    Socket: SocketCause,
    File: FileCause,
    Proxy: ProxyCause,
    Tls: TlsCause,
    Websocket: WebsocketCause,
    Mqtt: MqttCause,
    Program: ProgramCause,
}

/// Why a host name could not be resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameCause {
    /// The name server does not know the name.
    Unknown,
    /// The name server did not answer.
    NoServer,
    /// The name has no address.
    NoAddress,
    /// Another error, in the system's words.
    Other(String),
}

/// Why no connection can be made from the local address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LocalAddressCause {
    /// It is not an IP address.
    Syntax,
    /// The host has no address of the same family.
    Family(IpAddr),
}

/// The outcome of trying one address of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TcpAttempt {
    /// The address.
    pub ip: IpAddr,
    /// Why it failed; `None` if it did not answer in time.
    pub error: Option<IoError>,
}

/// Why a socket in the file system cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocketCause {
    /// There is no such file.
    Missing,
    /// Nothing listens on it.
    NothingListens,
    /// The system does not permit it.
    NotPermitted,
    /// The system has no such sockets.
    Unsupported,
}

/// What is wrong with a file of certificates or keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileCause {
    /// There is no file of this name.
    Missing,
    /// The system does not permit reading it.
    NotPermitted,
    /// It is a folder.
    Folder,
    /// The file cannot be read; the system's text.
    Unreadable(String),
    /// It has no bytes.
    Empty,
    /// It is too large to be a file of certificates.
    TooLarge {
        /// The most that is read, in bytes.
        bytes_max: u64,
    },
    /// The file begins as PEM but continues as something else; the parser's text.
    DamagedPem(String),
    /// The format is unknown.
    UnknownFormat,
    /// There is no certificate in it.
    NoCertificate,
    /// A certificate in the file is invalid, with the parser's text if it has any.
    InvalidCertificate(Option<String>),
    /// There is no private key in it.
    NoKey,
    /// The key cannot be used; the cryptography library's text.
    UnusableKey(String),
    /// The key does not belong to the certificate in this file.
    OtherKey(PathBuf),
    /// It is an OpenSSH key.
    OpenSshKey,
    /// It is encrypted, and there is no passphrase.
    NoPassphrase,
    /// The passphrase is wrong.
    WrongPassphrase,
    /// It uses an old encryption that is not supported.
    OldEncryption,
    /// It is PKCS#12 with an unsupported encryption.
    Pkcs12Encryption,
    /// The system has no certificate authorities, with the system's text if they cannot be read.
    NoAuthorities(Option<String>),
    /// The cryptography library rejects the options; its text.
    Refused(String),
}

/// An HTTP status: `404 Not Found`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpStatus {
    /// Status code.
    pub code: u16,
    /// The server's reason phrase, without control characters; may be empty.
    pub reason: String,
}

impl fmt::Display for HttpStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, reason } = self;
        if reason.is_empty() { write!(f, "{code}") } else { write!(f, "{code} {reason}") }
    }
}

/// Why a proxy failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProxyCause {
    /// The proxy closed the connection without answering.
    Closed,
    /// The proxy's port speaks TLS.
    Tls,
    /// The proxy's answer is not HTTP.
    NotHttp,
    /// The proxy's answer is not SOCKS5.
    NotSocks5,
    /// The proxy's answer does not end.
    Endless,
    /// The proxy sends data that nobody asked for.
    Unasked,
    /// SOCKS5 cannot carry this user name or password.
    LoginLength,
    /// SOCKS5 cannot carry a host name this long.
    HostLength,
    /// The proxy refused.
    Refused {
        /// What the refusal means.
        refusal: ProxyRefusal,
        /// The status of an HTTP proxy.
        status: Option<HttpStatus>,
    },
    /// The text of the SOCKS5 library.
    Other(String),
}

/// Why a proxy refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyRefusal {
    /// The user name or password is wrong.
    Login,
    /// The proxy requires a user name and password.
    LoginMissing,
    /// The proxy accepts no user name and password.
    LoginUnwanted,
    /// The proxy does not allow this connection.
    NotAllowed,
    /// The proxy cannot reach the broker.
    Unreachable,
    /// The proxy cannot reach the broker's network.
    NetworkUnreachable,
    /// The proxy cannot reach the broker's host or does not know its name.
    HostUnreachable,
    /// The broker refuses the proxy's connection.
    ConnectionRefused,
    /// The broker does not answer the proxy.
    BrokerSilent,
    /// The proxy does not understand HTTP CONNECT.
    ConnectUnknown,
    /// The proxy makes no connections.
    NoConnections,
    /// The proxy does not support this kind of address.
    AddressKind,
    /// SOCKS5's general failure.
    General,
    /// The proxy gave no further reason.
    Unknown,
}

/// Why TLS failed, or what a certificate check would have found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsCause {
    /// No certificate can be issued for this name.
    ServerName(String),
    /// The port does not speak TLS.
    NotTls,
    /// The two sides have no cipher in common.
    Ciphers,
    /// The two sides have no TLS version in common.
    Versions,
    /// The two sides have no application protocol in common.
    Alpn,
    /// The broker requires a client certificate.
    ClientCertificateRequired {
        /// Whether the broker closed the connection instead of saying so.
        closed: bool,
    },
    /// The broker does not accept the client certificate.
    ClientCertificateRefused {
        /// Whether the broker closed the connection instead of saying so.
        closed: bool,
    },
    /// The broker does not trust the authority of the client certificate.
    ClientCertificateUntrusted,
    /// The broker says that the client certificate has expired.
    ClientCertificateExpired,
    /// The broker says that the client certificate was revoked.
    ClientCertificateRevoked,
    /// The broker refused the handshake.
    HandshakeRefused,
    /// The broker does not know the server name.
    ServerNameUnknown,
    /// Another TLS alert, by its name.
    Alert(String),
    /// The broker's certificate is self-signed and not trusted.
    SelfSigned,
    /// The broker's certificate was issued by an authority that is not trusted.
    Untrusted,
    /// The broker's certificate was not signed by the trusted authority of that name.
    Signature,
    /// The broker's certificate is for other names.
    OtherName {
        /// The name that was checked.
        name: String,
        /// The names in the certificate.
        names: Vec<String>,
    },
    /// The broker's certificate has expired, at this time in seconds since 1970.
    Expired(Option<i64>),
    /// The broker's certificate is not valid before this time in seconds since 1970.
    NotYetValid(Option<i64>),
    /// The broker's certificate was revoked.
    Revoked,
    /// The broker uses an authority's certificate as its own.
    AuthorityAsOwn,
    /// The broker's certificate uses version 1 of the format.
    Version1,
    /// The broker's certificate is not acceptable; the verifier's text.
    Certificate(String),
    /// Another error, in the library's words.
    Other(String),
}

/// Why a websocket failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebsocketCause {
    /// The path contains a character that a URL cannot have.
    PathCharacter,
    /// The header of this name contains a character that no header can have.
    HeaderCharacter(String),
    /// The connection was closed without an answer.
    Closed,
    /// The port speaks TLS.
    Tls,
    /// The answer is not HTTP.
    NotHttp,
    /// The answer does not end.
    Endless,
    /// The web server answers with a page.
    Page(HttpStatus),
    /// The web server redirects.
    Redirect {
        /// Where it redirects, without the query; `None` if it does not say.
        to: Option<String>,
        /// Its status.
        status: HttpStatus,
    },
    /// The web server denies access.
    NotLetIn(HttpStatus),
    /// The web server has no websocket at this path.
    NoWebsocket(HttpStatus),
    /// The web server does not accept the upgrade.
    UpgradeRefused(HttpStatus),
    /// The web server failed.
    ServerFailed(HttpStatus),
    /// The web server does not upgrade; no reason is known.
    NoUpgrade(HttpStatus),
    /// The answer does not switch to a websocket.
    NotSwitched,
    /// The answer belongs to a different request.
    WrongAccept,
    /// The server uses an extension that was not asked for.
    Extension,
    /// The broker chose a sub-protocol that was not asked for.
    Subprotocol {
        /// The broker's choice.
        chosen: String,
        /// The one asked for.
        asked: String,
    },
    /// The broker sent a text frame.
    TextFrame,
    /// The broker sent a frame that breaks the protocol.
    Frame(FrameFault),
    /// The broker closed the websocket.
    ClosedByBroker {
        /// Close status (RFC 6455, 7.4.1).
        code: u16,
        /// What the broker said; may be empty.
        reason: String,
    },
}

/// What is wrong with a websocket frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameFault {
    /// The frame is of an unknown kind.
    Kind,
    /// A reserved bit is set.
    ReservedBit,
    /// The frame is masked, which only clients do.
    Masked,
    /// A control frame is too long or fragmented.
    Control,
    /// The fragments are out of order.
    Order,
    /// The highest bit of the length is set (RFC 6455, 5.2).
    Length,
}

/// Why MQTT failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MqttCause {
    /// The port speaks HTTP.
    Http,
    /// The port speaks TLS.
    Tls,
    /// The answer is not MQTT.
    NotMqtt,
    /// The connection was closed before CONNACK.
    ClosedBeforeConnack,
    /// The first packet was this one instead of CONNACK.
    NotConnack(PacketKind),
    /// CONNACK refused the connection.
    Refused(Box<Refusal>),
    /// Enhanced authentication failed.
    Authentication(AuthenticationCause),
    /// CONNECT cannot be encoded.
    Unsendable(Oversize),
    /// The broker closed the connection without a reason.
    Closed,
    /// The broker ended the connection with DISCONNECT.
    Disconnected(Box<Refusal>),
    /// The broker answered neither a ping nor anything else.
    Silent,
    /// The broker sent a packet that breaks the protocol.
    Malformed(Box<Malformed>),
    /// The broker sent a packet above the limit.
    PacketTooLarge {
        /// The packet's type.
        kind: PacketKind,
        /// The packet's size.
        bytes: usize,
        /// The limit.
        bytes_max: usize,
    },
    /// A subscription was refused.
    SubscriptionRefused(Rejection),
}

/// A refusal by the broker, or its reason for ending a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The reason as an MQTT 5 code, even if an older version was spoken.
    pub reason: Reason,
    /// The version that was spoken.
    pub version: MqttVersion,
    /// Another broker to use instead, if this one names any.
    pub server_reference: Option<String>,
}

/// Why enhanced authentication failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthenticationCause {
    /// SCRAM failed.
    Scram(ScramCause),
    /// The broker asks for authentication that was not offered.
    NotOffered,
    /// The broker continues with this unexpected reason.
    Continued(Reason),
    /// The broker continues with another method.
    OtherMethod,
    /// The broker wants more than the token.
    MoreThanToken,
    /// AUTH cannot be encoded.
    Unsendable(Oversize),
}

impl From<ScramCause> for AuthenticationCause {
    fn from(cause: ScramCause) -> Self {
        Self::Scram(cause)
    }
}

/// Why this program ended something itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgramCause {
    /// The user disconnected.
    Disconnected,
    /// The thread that takes in messages has ended.
    IngestEnded,
    /// The program cannot continue; the system's text.
    System(String),
    /// A bug in the program.
    Defect,
}
