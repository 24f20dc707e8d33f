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
        /// How long was waited, in seconds.
        within_s: u64,
    },
    /// The other side closed the connection.
    Closed,
    /// The operating system says so.
    Io(IoError),
    /// An option cannot be used.
    Option(Box<Problem>),
    /// About a host name.
    Name(NameCause),
    /// About the local address.
    LocalAddress(LocalAddressCause),
    /// No address of the host took the connection: all of them, in the order in which they were tried.
    Tcp(Vec<TcpAttempt>),
    /// About a socket in the file system.
    Socket(SocketCause),
    /// About a file of certificates or keys.
    File(FileCause),
    /// About a proxy.
    Proxy(ProxyCause),
    /// About TLS.
    Tls(TlsCause),
    /// About a websocket.
    Websocket(WebsocketCause),
    /// About MQTT.
    Mqtt(MqttCause),
    /// About this program.
    Program(ProgramCause),
}

/// Lets the part stand for the whole.
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

/// Why a host name led to no address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameCause {
    /// The name server does not know it.
    Unknown,
    /// The name server did not answer.
    NoServer,
    /// It has no address.
    NoAddress,
    /// The system's text.
    Other(String),
}

/// Why nothing can be connected from the local address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LocalAddressCause {
    /// It is not an IP address.
    Syntax,
    /// The host has no address of its family.
    Family(IpAddr),
}

/// What became of one address of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TcpAttempt {
    /// The address.
    pub ip: IpAddr,
    /// Why it failed; `None`: it did not answer in time.
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
    /// There is none of this name.
    Missing,
    /// The system does not permit reading it.
    NotPermitted,
    /// It is a folder.
    Folder,
    /// The system's text.
    Unreadable(String),
    /// It has no bytes.
    Empty,
    /// It is too large to be a file of certificates.
    TooLarge {
        /// What is read at most.
        bytes_max: u64,
    },
    /// It begins as PEM and goes on as something else; the parser's text.
    DamagedPem(String),
    /// It is of no known format.
    UnknownFormat,
    /// There is no certificate in it.
    NoCertificate,
    /// A certificate in it is not valid, with the parser's text if it has any.
    InvalidCertificate(Option<String>),
    /// There is no private key in it.
    NoKey,
    /// The key cannot be used; the cryptography's text.
    UnusableKey(String),
    /// The key does not belong to the certificate in this file.
    OtherKey(PathBuf),
    /// It is a key of OpenSSH.
    OpenSshKey,
    /// It is encrypted, and there is no passphrase.
    NoPassphrase,
    /// The passphrase is wrong.
    WrongPassphrase,
    /// It is encrypted in an old way that is not supported.
    OldEncryption,
    /// It is PKCS#12 with an encryption that is not supported.
    Pkcs12Encryption,
    /// The system has no certificate authorities; with its text where they cannot be read.
    NoAuthorities(Option<String>),
    /// The cryptography does not take the options; its text.
    Refused(String),
}

/// A status of HTTP: `404 Not Found`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpStatus {
    /// The number.
    pub code: u16,
    /// What the server calls it; may be empty. Without control characters.
    pub reason: String,
}

impl fmt::Display for HttpStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, reason } = self;
        if reason.is_empty() { write!(f, "{code}") } else { write!(f, "{code} {reason}") }
    }
}

/// Why a proxy is of no help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProxyCause {
    /// It closed the connection without an answer.
    Closed,
    /// Its port speaks TLS.
    Tls,
    /// Its answer is not HTTP.
    NotHttp,
    /// Its answer is not SOCKS5.
    NotSocks5,
    /// Its answer does not end.
    Endless,
    /// It sends what nobody asked for.
    Unasked,
    /// SOCKS5 cannot carry this user name or password.
    LoginLength,
    /// SOCKS5 cannot carry a host name this long.
    HostLength,
    /// It refused.
    Refused {
        /// What that means.
        refusal: ProxyRefusal,
        /// The status of an HTTP proxy.
        status: Option<HttpStatus>,
    },
    /// The text of the library that speaks SOCKS5.
    Other(String),
}

/// What a proxy refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyRefusal {
    /// The user name or the password.
    Login,
    /// To let anybody in without a user name and a password.
    LoginMissing,
    /// A user name and a password: it takes none.
    LoginUnwanted,
    /// This connection.
    NotAllowed,
    /// It cannot reach the broker.
    Unreachable,
    /// It cannot reach the broker's network.
    NetworkUnreachable,
    /// It cannot reach the broker's host, or does not know its name.
    HostUnreachable,
    /// The broker refuses its connection.
    ConnectionRefused,
    /// The broker does not answer it.
    BrokerSilent,
    /// It does not understand HTTP's CONNECT.
    ConnectUnknown,
    /// It makes no connections.
    NoConnections,
    /// This kind of address.
    AddressKind,
    /// SOCKS5's general failure.
    General,
    /// No more is known.
    Unknown,
}

/// Why TLS failed, or what a check would have found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsCause {
    /// No certificate can be issued for this name.
    ServerName(String),
    /// The port does not speak TLS.
    NotTls,
    /// No cipher in common.
    Ciphers,
    /// No version in common.
    Versions,
    /// No application protocol in common.
    Alpn,
    /// The broker requires a client certificate.
    ClientCertificateRequired {
        /// It closed the connection instead of saying so.
        closed: bool,
    },
    /// The broker does not accept the client certificate.
    ClientCertificateRefused {
        /// It closed the connection instead of saying so.
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
    /// Another alert, by its name.
    Alert(String),
    /// The broker's certificate is self-signed and not trusted.
    SelfSigned,
    /// The broker's certificate was issued by an authority that is not trusted.
    Untrusted,
    /// The broker's certificate was not signed by the trusted authority of that name.
    Signature,
    /// The broker's certificate is for other names.
    OtherName {
        /// The name that was to be checked.
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
    /// The broker's certificate is of version 1 of its format.
    Version1,
    /// The broker's certificate is not acceptable; the verifier's text.
    Certificate(String),
    /// The library's text.
    Other(String),
}

/// Why a websocket failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebsocketCause {
    /// The path has a character that a URL cannot have.
    PathCharacter,
    /// The header of this name has a character that no header can have.
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
        /// Where to, without its query; `None`: it does not say.
        to: Option<String>,
        /// Its status.
        status: HttpStatus,
    },
    /// The web server does not let this client in.
    NotLetIn(HttpStatus),
    /// The web server knows no websocket under the path.
    NoWebsocket(HttpStatus),
    /// The web server does not accept the upgrade.
    UpgradeRefused(HttpStatus),
    /// The web server failed.
    ServerFailed(HttpStatus),
    /// The web server does not upgrade, and no more is known.
    NoUpgrade(HttpStatus),
    /// The answer does not switch to a websocket.
    NotSwitched,
    /// The answer is not to this request.
    WrongAccept,
    /// The server uses an extension that was not asked for.
    Extension,
    /// The broker speaks another sub-protocol.
    Subprotocol {
        /// The broker's.
        chosen: String,
        /// Ours.
        asked: String,
    },
    /// The broker sent a text frame.
    TextFrame,
    /// The broker sent a frame that breaks the protocol.
    Frame(FrameFault),
    /// The broker closed the websocket.
    ClosedByBroker {
        /// The status (RFC 6455, 7.4.1).
        code: u16,
        /// What the broker said; may be empty.
        reason: String,
    },
}

/// What is wrong with a frame of a websocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameFault {
    /// It is of an unknown kind.
    Kind,
    /// A reserved bit is set.
    ReservedBit,
    /// It is masked, as only clients do.
    Masked,
    /// It is a control frame that is too long or in parts.
    Control,
    /// Its parts are out of order.
    Order,
    /// The highest bit of its length is set (RFC 6455, 5.2).
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
    /// The first packet was this one and not CONNACK.
    NotConnack(PacketKind),
    /// CONNACK refuses.
    Refused(Box<Refusal>),
    /// The enhanced authentication failed.
    Authentication(AuthenticationCause),
    /// CONNECT cannot be written.
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
        /// Which one.
        kind: PacketKind,
        /// Its size.
        bytes: usize,
        /// The limit.
        bytes_max: usize,
    },
    /// A subscription was refused.
    SubscriptionRefused(Rejection),
}

/// A refusal by the broker, or its end of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The reason, in the codes of MQTT 5 also where an older version was spoken.
    pub reason: Reason,
    /// The version that was spoken.
    pub version: MqttVersion,
    /// Another broker that it names.
    pub server_reference: Option<String>,
}

/// Why the enhanced authentication failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthenticationCause {
    /// In SCRAM.
    Scram(ScramCause),
    /// The broker asks for one that was not offered.
    NotOffered,
    /// The broker goes on with this reason.
    Continued(Reason),
    /// The broker goes on with another method.
    OtherMethod,
    /// The broker wants more than the token.
    MoreThanToken,
    /// AUTH cannot be written.
    Unsendable(Oversize),
}

impl From<ScramCause> for AuthenticationCause {
    fn from(cause: ScramCause) -> Self {
        Self::Scram(cause)
    }
}

/// Why this program ended something by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgramCause {
    /// The person wanted it.
    Disconnected,
    /// What takes messages in has ended.
    IngestEnded,
    /// It cannot go on; the system's text.
    System(String),
    /// A defect of the program.
    Defect,
}
