//! The steps of a connection: what a link goes through to connect, and what the connection doctor shows.

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

/// What is done, with its object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A field of the connection is checked.
    Option(Field),
    /// All certificates and keys are read.
    Files,
    /// The options of TLS are put together.
    TlsOptions,
    /// The file of certificate authorities is read.
    CaCertificate(PathBuf),
    /// The certificate authorities of the system are read.
    SystemCertificates,
    /// The file of the client certificate is read.
    ClientCertificate(PathBuf),
    /// The file of the client's key is read.
    ClientKey(PathBuf),
    /// The local address to connect from, as it was typed, is parsed.
    LocalAddress(String),
    /// The addresses of this host are asked for.
    NameResolution(String),
    /// A TCP connection is made.
    Tcp(Endpoint),
    /// A socket in the file system is opened, by its path.
    Socket(String),
    /// A proxy is asked for a connection.
    Proxy {
        /// Where the connection leads.
        to: Endpoint,
        /// The proxy.
        through: Box<Endpoint>,
        /// What the proxy speaks.
        kind: ProxyKind,
    },
    /// The TLS handshake.
    TlsHandshake(Endpoint),
    /// The upgrade to a websocket, by the URL without its query.
    WebsocketUpgrade(String),
    /// TLS, after the handshake.
    TlsConnection(Endpoint),
    /// The websocket, after the upgrade.
    WebsocketConnection(Endpoint),
    /// CONNECT is sent and CONNACK awaited.
    Connect(Endpoint),
    /// The enhanced authentication between CONNECT and CONNACK.
    Authentication(Endpoint),
    /// SUBSCRIBE is sent for this filter and SUBACK awaited.
    Subscribe(String),
    /// PINGREQ is sent and PINGRESP awaited.
    Ping,
    /// DISCONNECT is sent.
    Disconnect,
    /// The connection as long as it lasts.
    Connection(Endpoint),
    /// The session as a whole, by its URL without user name and password.
    Session(String),
    /// The connection doctor itself.
    Examination,
}

/// What several steps are of: a failure of one ends the others.
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
    /// Whether both belong to the same stage of a connection, whatever their objects are.
    pub fn is_like(&self, other: &Self) -> bool {
        self.kind() == other.kind()
    }

    /// Whether files on this computer are read, and nothing is sent.
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

/// A step after it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenStep {
    /// What was done.
    pub step: Step,
    /// How it ended.
    pub outcome: StepOutcome,
    /// How long it took; `None` where nothing was waited for.
    pub took: Option<Duration>,
    /// What was found. No secrets.
    pub details: Vec<Detail>,
}

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepOutcome {
    /// It worked.
    Ok,
    /// It worked, and a person should know this.
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

/// What is not right with a step that worked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The broker's certificate was not checked; with what the check would have found.
    Unchecked(Option<TlsCause>),
    /// The broker did not confirm the sub-protocol that was asked for.
    SubprotocolUnconfirmed(String),
    /// The broker chose this sub-protocol, and none was asked for.
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
    /// MQTT 5 did not work, and the broker is spoken to in this version.
    OlderVersion(MqttVersion),
}

/// Why a step was not tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SkipReason {
    /// Another address answered first.
    AnotherAddress,
    /// This step failed before it.
    After(Box<Step>),
    /// The test ended before it.
    NotReached,
    /// It could change the session of the profile's client ID.
    KeepsSession,
    /// A shared subscription takes messages from the others that share it.
    SharedSubscription,
}

/// What was found in a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detail {
    /// An address of the host.
    Address(IpAddr),
    /// The local end of the connection.
    From(SocketAddr),
    /// The proxy resolves the broker's name.
    ProxyResolves,
    /// The authorities that are trusted, from a file.
    AuthoritiesOfFile {
        /// How many.
        count: usize,
        /// The file.
        path: PathBuf,
    },
    /// The authorities that are trusted, of the system.
    AuthoritiesOfSystem {
        /// How many are trusted.
        count: usize,
        /// How many could not be read.
        unreadable: usize,
    },
    /// The broker's certificate is not checked.
    CheckIsOff,
    /// The certificate that is shown to the broker if it asks.
    ClientCertificate(Box<Certificate>),
    /// The keys of the connection are written to the file in `SSLKEYLOGFILE`.
    KeyLog,
    /// How the connection is encrypted.
    Encryption {
        /// `TLS 1.3`
        version: String,
        /// The cipher suite by its registered name.
        cipher: String,
    },
    /// The application protocol that was chosen.
    Alpn(String),
    /// The broker asked for a client certificate.
    ClientCertificateWanted,
    /// A certificate that the broker showed.
    Certificate {
        /// Its place in the chain, from 1.
        place: usize,
        /// What it says.
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
    /// A client ID of the test's own was used, because the profile has none.
    OwnClientId(String),
    /// A client ID of the test's own was used, so that a session with the profile's goes on.
    OwnClientIdBeside {
        /// The test's.
        own: String,
        /// The profile's.
        profile: String,
    },
    /// The profile's client ID was used.
    ProfileClientId(String),
    /// The broker may let only the profile's client ID in, which is tried next.
    ProfileClientIdNext,
    /// The broker kept a session of this client ID.
    SessionPresent,
    /// What the broker announced in CONNACK.
    Server(Box<ServerProperties>),
    /// The broker granted a subscription up to this QoS.
    Granted(QoS),
    /// So many messages came meanwhile.
    MessagesMeanwhile(u64),
}

/// A header of HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpHeader {
    /// Its name.
    pub name: String,
    /// Its value; `None` where it may let somebody in, and is hidden.
    pub value: Option<String>,
}

impl TakenStep {
    /// A step that worked.
    pub fn ok(step: Step, took: Duration) -> Self {
        Self { step, outcome: StepOutcome::Ok, took: Some(took), details: Vec::new() }
    }

    /// The step that ended in `failure`.
    pub fn failed(failure: &Failure, took: Duration) -> Self {
        let Failure { step, cause, hint, .. } = failure.clone();
        Self { step, outcome: StepOutcome::Failed { cause, hint }, took: Some(took), details: Vec::new() }
    }

    /// A step that was not tried.
    pub fn skipped(step: Step, reason: SkipReason) -> Self {
        Self { step, outcome: StepOutcome::Skipped(reason), took: None, details: Vec::new() }
    }

    /// Adds what was found.
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

/// Where the steps go while they are taken.
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
