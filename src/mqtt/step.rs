//! The steps of a connection: what a link does to connect, and what the connection doctor shows.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use crate::message::QoS;
use crate::mqtt::check::Field;
use crate::mqtt::endpoint::Endpoint;
use crate::mqtt::failure::{Cause, Failure, Hint, HttpStatus, TlsCause};
use crate::mqtt::link::ServerProperties;
use crate::mqtt::options::{MqttVersion, ProxyKind};
use crate::mqtt::wire::Certificate;

/// A step and what it acts on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Checks a field of the connection.
    Option(Field),
    /// Reads all certificates and keys.
    Files,
    /// Builds the TLS configuration.
    TlsOptions,
    /// Reads the CA certificate file.
    CaCertificate(PathBuf),
    /// Reads the system's certificate authorities.
    SystemCertificates,
    /// Reads the client certificate file.
    ClientCertificate(PathBuf),
    /// Reads the client key file.
    ClientKey(PathBuf),
    /// Parses the local address, as it was typed.
    LocalAddress(String),
    /// Resolves this host name.
    NameResolution(String),
    /// Makes a TCP connection.
    Tcp(Endpoint),
    /// Opens the socket file at this path.
    Socket(String),
    /// Asks a proxy for a connection.
    Proxy {
        /// Where the connection leads.
        to: Endpoint,
        /// The proxy.
        through: Box<Endpoint>,
        /// The protocol that the proxy speaks.
        kind: ProxyKind,
    },
    /// Performs the TLS handshake.
    TlsHandshake(Endpoint),
    /// Upgrades to a websocket at this URL, shown without its query.
    WebsocketUpgrade(String),
    /// TLS after the handshake.
    TlsConnection(Endpoint),
    /// The websocket after the upgrade.
    WebsocketConnection(Endpoint),
    /// Sends CONNECT and awaits CONNACK.
    Connect(Endpoint),
    /// Performs enhanced authentication between CONNECT and CONNACK.
    Authentication(Endpoint),
    /// Sends SUBSCRIBE for this filter and awaits SUBACK.
    Subscribe(String),
    /// Sends PINGREQ and awaits PINGRESP.
    Ping,
    /// Sends DISCONNECT.
    Disconnect,
    /// The established connection.
    Connection(Endpoint),
    /// The whole session, by its URL without user name and password.
    Session(String),
    /// The connection doctor itself.
    Examination,
}

/// The stage that a step belongs to: the failure of one step ends the others of its stage.
#[derive(Clone, Copy, PartialEq, Eq)]
enum StepKind {
    Options,
    Files,
    Name,
    Tcp,
    Socket,
    Proxy,
    Tls,
    Websocket,
    Connect,
    Authentication,
    Subscribe,
    Ping,
    Disconnect,
    Connection,
    Examination,
}

impl Step {
    /// Whether both steps belong to the same stage of a connection, whatever they act on.
    pub fn is_like(&self, other: &Self) -> bool {
        self.kind() == other.kind()
    }

    /// Whether the step only reads files on this computer and sends nothing.
    pub fn is_about_files(&self) -> bool {
        self.kind() == StepKind::Files
    }

    fn kind(&self) -> StepKind {
        match self {
            Self::Option(_) | Self::LocalAddress(_) => StepKind::Options,
            Self::Files
            | Self::TlsOptions
            | Self::CaCertificate(_)
            | Self::SystemCertificates
            | Self::ClientCertificate(_)
            | Self::ClientKey(_) => StepKind::Files,
            Self::NameResolution(_) => StepKind::Name,
            Self::Tcp(_) => StepKind::Tcp,
            Self::Socket(_) => StepKind::Socket,
            Self::Proxy { .. } => StepKind::Proxy,
            Self::TlsHandshake(_) | Self::TlsConnection(_) => StepKind::Tls,
            Self::WebsocketUpgrade(_) | Self::WebsocketConnection(_) => StepKind::Websocket,
            Self::Connect(_) => StepKind::Connect,
            Self::Authentication(_) => StepKind::Authentication,
            Self::Subscribe(_) => StepKind::Subscribe,
            Self::Ping => StepKind::Ping,
            Self::Disconnect => StepKind::Disconnect,
            Self::Connection(_) | Self::Session(_) => StepKind::Connection,
            Self::Examination => StepKind::Examination,
        }
    }
}

/// A step that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenStep {
    /// The step.
    pub step: Step,
    /// How it ended.
    pub outcome: StepOutcome,
    /// How long it took; `None` if nothing was waited for.
    pub took: Option<Duration>,
    /// What it found. Contains no secrets.
    pub details: Vec<Detail>,
}

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepOutcome {
    /// It worked.
    Ok,
    /// It worked, but a person should know this.
    Warning(Warning),
    /// It failed.
    Failed {
        /// Why.
        cause: Cause,
        /// What may help.
        hint: Option<Hint>,
    },
    /// It was not tried.
    Skipped(SkipReason),
}

/// A problem with a step that worked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The broker's certificate was not checked; holds what a check would have found.
    Unchecked(Option<TlsCause>),
    /// The broker did not confirm the requested sub-protocol.
    SubprotocolUnconfirmed(String),
    /// The broker chose this sub-protocol although none was requested.
    SubprotocolUnasked(String),
    /// One version of MQTT failed and another is tried next.
    Fallback {
        /// The version that failed.
        from: MqttVersion,
        /// The next one.
        to: MqttVersion,
        /// Why it failed.
        cause: Cause,
    },
    /// MQTT 5 did not work, so the broker is spoken to in this version.
    OlderVersion(MqttVersion),
}

/// Why a step was not tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SkipReason {
    /// Another address answered first.
    AnotherAddress,
    /// This earlier step failed.
    After(Box<Step>),
    /// The test ended before this step.
    NotReached,
    /// The step could change the session of the profile's client ID.
    KeepsSession,
    /// A shared subscription would take messages from the others in its group.
    SharedSubscription,
}

/// Something a step found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detail {
    /// An address of the host.
    Address(IpAddr),
    /// The local end of the connection.
    From(SocketAddr),
    /// The proxy resolves the broker's name.
    ProxyResolves,
    /// The trusted authorities from a file.
    AuthoritiesOfFile {
        /// How many there are.
        count: usize,
        /// The file.
        path: PathBuf,
    },
    /// The system's trusted authorities.
    AuthoritiesOfSystem {
        /// How many are trusted.
        count: usize,
        /// How many could not be read.
        unreadable: usize,
    },
    /// The broker's certificate is not checked.
    CheckIsOff,
    /// The certificate shown to the broker on request.
    ClientCertificate(Box<Certificate>),
    /// The connection's keys are written to the file in `SSLKEYLOGFILE`.
    KeyLog,
    /// How the connection is encrypted.
    Encryption {
        /// TLS version: `TLS 1.3`.
        version: String,
        /// Registered name of the cipher suite.
        cipher: String,
    },
    /// The application protocol that was chosen.
    Alpn(String),
    /// The broker requested a client certificate.
    ClientCertificateWanted,
    /// A certificate that the broker showed.
    Certificate {
        /// Its place in the chain, from 1.
        place: usize,
        /// The certificate's content.
        certificate: Box<Certificate>,
    },
    /// A header that was sent.
    HeaderSent(HttpHeader),
    /// The status of a web server's answer.
    Status(HttpStatus),
    /// A header of a web server's answer.
    Header(HttpHeader),
    /// The version of MQTT that is spoken.
    Version(MqttVersion),
    /// The test used its own client ID, because the profile has none.
    OwnClientId(String),
    /// The test used its own client ID, so that a session with the profile's continues.
    OwnClientIdBeside {
        /// The test's client ID.
        own: String,
        /// The profile's client ID.
        profile: String,
    },
    /// The test used the profile's client ID.
    ProfileClientId(String),
    /// The broker may accept only the profile's client ID, which is tried next.
    ProfileClientIdNext,
    /// The broker kept a session of this client ID.
    SessionPresent,
    /// What the broker announced in CONNACK.
    Server(Box<ServerProperties>),
    /// The broker granted a subscription with this maximum QoS.
    Granted(QoS),
    /// This many messages arrived meanwhile.
    MessagesMeanwhile(u64),
}

/// An HTTP header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpHeader {
    /// Header name.
    pub name: String,
    /// Header value; `None` if it may grant access and is hidden.
    pub value: Option<String>,
}

impl TakenStep {
    /// Creates a step that worked.
    pub fn ok(step: Step, took: Duration) -> Self {
        Self { step, outcome: StepOutcome::Ok, took: Some(took), details: Vec::new() }
    }

    /// Creates the step that ended in `failure`.
    pub fn failed(failure: &Failure, took: Duration) -> Self {
        let Failure { step, cause, hint, .. } = failure.clone();
        Self { step, outcome: StepOutcome::Failed { cause, hint }, took: Some(took), details: Vec::new() }
    }

    /// Creates a step that was not tried.
    pub fn skipped(step: Step, reason: SkipReason) -> Self {
        Self { step, outcome: StepOutcome::Skipped(reason), took: None, details: Vec::new() }
    }

    /// Adds a detail.
    #[must_use]
    pub fn detail(mut self, detail: Detail) -> Self {
        self.details.push(detail);
        self
    }

    /// Whether it failed.
    pub fn is_failed(&self) -> bool {
        matches!(self.outcome, StepOutcome::Failed { .. })
    }
}

/// Receives steps as they end.
pub type StepReport<'a> = &'a mut dyn FnMut(TakenStep);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_one_stage_are_alike_whatever_their_object() {
        let endpoint = || Endpoint::new("h", 1883);
        assert!(Step::Subscribe("a".to_owned()).is_like(&Step::Subscribe("b".to_owned())));
        assert!(Step::TlsHandshake(endpoint()).is_like(&Step::TlsConnection(endpoint())));
        assert!(!Step::Connect(endpoint()).is_like(&Step::Authentication(endpoint())));
        assert!(Step::ClientKey("key".into()).is_about_files());
        assert!(!Step::Socket("/run/mqtt".to_owned()).is_about_files());
    }
}
