//! Failures as data: the step, its cause and what may help. [`words::failure`](crate::words::failure) writes the
//! sentences; code decides on the data.

mod cause;
mod hint;
mod scram;

use std::io;

pub use crate::mqtt::failure::cause::{
    AuthenticationCause, Cause, FileCause, FrameFault, HttpStatus, LocalAddressCause, MqttCause, NameCause,
    ProgramCause, ProxyCause, ProxyRefusal, Refusal, SocketCause, TcpAttempt, TlsCause, WebsocketCause,
};
pub use crate::mqtt::failure::hint::Hint;
pub use crate::mqtt::failure::scram::{ScramCause, ScramField};

use crate::mqtt::options::MqttVersion;
use crate::mqtt::reason::ReasonCode;
use crate::mqtt::step::Step;

/// A failure. Holds no secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The step that failed.
    pub step: Step,
    /// Why it failed.
    pub cause: Cause,
    /// What may help.
    pub hint: Option<Hint>,
    /// The versions of MQTT that were tried, in order, if the choice was left open.
    pub tried: [Option<MqttVersion>; 2],
}

impl Failure {
    /// Creates a failure from its parts.
    pub fn new(step: Step, cause: impl Into<Cause>, hint: impl Into<Option<Hint>>) -> Self {
        Self { step, cause: cause.into(), hint: hint.into(), tried: [None; 2] }
    }

    /// Whether the cause is a file on this computer or its passphrase. Retrying fails until that is fixed.
    pub fn is_about_files(&self) -> bool {
        self.step.is_about_files()
    }

    /// Whether the broker rejected the client's credentials. The same ones will hardly work next time.
    pub fn is_of_credentials(&self) -> bool {
        match &self.cause {
            Cause::Mqtt(MqttCause::Refused(refusal)) => {
                matches!(
                    refusal.reason.code,
                    ReasonCode::BAD_USER_NAME_OR_PASSWORD | ReasonCode::NOT_AUTHORIZED
                )
            }
            Cause::Mqtt(MqttCause::Authentication(_)) => true,
            _ => false,
        }
    }

    /// Whether another password or passphrase may help.
    pub fn is_of_login(&self) -> bool {
        self.is_of_credentials()
            || matches!(self.cause, Cause::File(FileCause::NoPassphrase | FileCause::WrongPassphrase))
    }
}

/// An error from the operating system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IoError {
    /// The kind of error.
    pub kind: io::ErrorKind,
    /// The system's text, without its number.
    pub text: String,
}

impl From<&io::Error> for IoError {
    fn from(error: &io::Error) -> Self {
        let text = error.to_string();
        // The standard library appends the error number, which helps nobody.
        let text = text.split(" (os error").next().unwrap_or_default();
        Self { kind: error.kind(), text: text.to_owned() }
    }
}

impl From<&io::Error> for Cause {
    fn from(error: &io::Error) -> Self {
        Self::Io(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::endpoint::Endpoint;

    fn refused(code: ReasonCode) -> Failure {
        let refusal = Refusal { reason: code.into(), version: MqttVersion::V5, server_reference: None };
        Failure::new(Step::Connect(Endpoint::new("h", 1883)), MqttCause::Refused(Box::new(refusal)), None)
    }

    #[test]
    fn a_login_is_told_from_other_refusals() {
        assert!(refused(ReasonCode::BAD_USER_NAME_OR_PASSWORD).is_of_login());
        assert!(refused(ReasonCode::NOT_AUTHORIZED).is_of_credentials());
        assert!(!refused(ReasonCode::CLIENT_IDENTIFIER_NOT_VALID).is_of_login());
        let key = Failure::new(Step::ClientKey("key".into()), FileCause::WrongPassphrase, None);
        assert!(key.is_of_login() && key.is_about_files() && !key.is_of_credentials());
    }
}
