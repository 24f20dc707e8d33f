//! What the end of a link means: whether to try again, and the failure to show.

use std::io;

use crate::mqtt::endpoint::Endpoint;
use crate::mqtt::failure::{Cause, Failure, Hint, MqttCause, ProgramCause, Refusal};
use crate::mqtt::link::probe::Finding;
use crate::mqtt::link::trouble::Trouble;
use crate::mqtt::link::{Ended, Then};
use crate::mqtt::options::{Authentication, ConnectOptions, MqttVersion, VersionChoice};
use crate::mqtt::packet::{Disconnect, Malformed};
use crate::mqtt::reason::Reason;
use crate::mqtt::step::Step;
use crate::mqtt::trace::PacketKind;
use crate::mqtt::wire;
use crate::mqtt::wire::explain::closed_by_peer;

/// The circumstances that a failure depends on besides the trouble itself.
#[derive(Clone, Copy)]
pub(super) struct Circumstances<'a> {
    pub options: &'a ConnectOptions,
    /// The version that was spoken.
    pub version: MqttVersion,
    /// Whether it happened after CONNACK.
    pub connected: bool,
    /// What a second look at the port found.
    pub finding: Option<Finding>,
}

/// Explains why a link ended and what to do next.
pub(super) fn explain(trouble: Trouble, circumstances: Circumstances<'_>) -> Ended {
    let is_wanted = matches!(trouble, Trouble::Stopped);
    let failure = if circumstances.connected {
        circumstances.after_connack(trouble)
    } else {
        circumstances.before_connack(trouble)
    };
    let then = if is_wanted {
        Then::Stop
    } else if failure.is_about_files() {
        Then::Halt
    } else if failure.is_of_credentials() {
        Then::RetryCredentials
    } else {
        Then::Retry
    };
    Ended { then, failure }
}

impl Circumstances<'_> {
    fn endpoint(&self) -> Endpoint {
        Endpoint::of(self.options)
    }

    fn connect(&self) -> Step {
        Step::Connect(self.endpoint())
    }

    fn connection(&self) -> Step {
        Step::Connection(self.endpoint())
    }

    fn before_connack(&self, trouble: Trouble) -> Failure {
        let has_tls = self.options.protocol.has_tls();
        match self.finding {
            Some(Finding::Http) => return Failure::new(self.connect(), MqttCause::Http, Hint::WebServer),
            Some(Finding::Tls) if !has_tls => {
                return Failure::new(self.connect(), MqttCause::Tls, Hint::UseMqttsOrPlain);
            }
            Some(Finding::Tls | Finding::Open | Finding::Unreachable) | None => {}
        }
        match trouble {
            Trouble::Dial(failure) => *failure,
            Trouble::Refused(refusal) => {
                let hint = Hint::Reason(refusal.reason.code);
                Failure::new(self.connect(), MqttCause::Refused(refusal), hint)
            }
            Trouble::Unanswered => {
                let within_s = self.options.network.connect_timeout_s.into();
                let hint = if has_tls { Hint::NotMqttInTls } else { Hint::NotMqttOrTls };
                Failure::new(self.connect(), Cause::NoAnswer { within_s }, hint)
            }
            Trouble::Closed => self.closed_before_connack(),
            Trouble::Stream(error) => self.stream(&error, self.connect(), Self::closed_before_connack),
            Trouble::NotConnack(kind) => {
                Failure::new(self.connect(), MqttCause::NotConnack(kind), Hint::Broken)
            }
            // A broker may send this type of packet, so the port does speak MQTT even though the packet is wrong.
            Trouble::Broken(malformed) if speaks_mqtt(&malformed) => {
                let cause = MqttCause::Malformed(Box::new(malformed));
                Failure::new(self.connect(), cause, self.try_another_version())
            }
            Trouble::Broken(_) => Failure::new(self.connect(), MqttCause::NotMqtt, Hint::UsualPorts),
            Trouble::Authentication(cause) => {
                let hint = match self.options.authentication {
                    Authentication::Token { .. } => Hint::CheckToken,
                    Authentication::None | Authentication::ScramSha256 => Hint::CheckAuthentication,
                };
                let step = Step::Authentication(self.endpoint());
                Failure::new(step, MqttCause::Authentication(cause), hint)
            }
            Trouble::Stopped
            | Trouble::Disconnected(_)
            | Trouble::Silent
            | Trouble::PacketTooLarge { .. }
            | Trouble::Unsendable(_) => self.after_connack(trouble),
        }
    }

    fn try_another_version(&self) -> Hint {
        match self.options.version {
            VersionChoice::Auto => Hint::BrokenOrLog,
            VersionChoice::Only(MqttVersion::V5) => Hint::TryVersion(MqttVersion::V3_1_1),
            VersionChoice::Only(MqttVersion::V3_1 | MqttVersion::V3_1_1) => Hint::TryAnotherVersion,
        }
    }

    fn closed_before_connack(&self) -> Failure {
        let other = match self.options.version {
            VersionChoice::Auto => None,
            VersionChoice::Only(MqttVersion::V3_1_1) => Some(MqttVersion::V5),
            VersionChoice::Only(MqttVersion::V3_1 | MqttVersion::V5) => Some(MqttVersion::V3_1_1),
        };
        let hint = Hint::ClosedBeforeConnack(other);
        Failure::new(self.connect(), MqttCause::ClosedBeforeConnack, hint)
    }

    /// Explains a broken stream: an error in a lower layer, or the other side closed it.
    fn stream(&self, error: &io::Error, step: Step, closed: impl Fn(&Self) -> Failure) -> Failure {
        if let Some(failure) = wire::stream_failure(error, self.options) {
            failure
        } else if closed_by_peer(error) {
            closed(self)
        } else {
            Failure::new(step, error, None)
        }
    }

    fn after_connack(&self, trouble: Trouble) -> Failure {
        let step = self.connection();
        match trouble {
            Trouble::Stopped => Failure::new(step, ProgramCause::Disconnected, None),
            Trouble::Closed => self.abrupt(),
            Trouble::Stream(error) => self.stream(&error, step, Self::abrupt),
            Trouble::Disconnected(disconnect) => {
                let Disconnect { reason, reason_string, server_reference, .. } = disconnect;
                let reason = Reason::new(reason, reason_string.as_deref());
                let hint = Hint::Reason(reason.code);
                let refusal = Refusal { reason, version: self.version, server_reference };
                Failure::new(step, MqttCause::Disconnected(Box::new(refusal)), hint)
            }
            Trouble::Silent => Failure::new(step, MqttCause::Silent, Hint::NetworkSlow),
            Trouble::PacketTooLarge { kind, bytes, bytes_max } => {
                let cause = MqttCause::PacketTooLarge { kind, bytes, bytes_max };
                Failure::new(step, cause, Hint::RaisePacketSize)
            }
            Trouble::Broken(malformed) => {
                Failure::new(step, MqttCause::Malformed(Box::new(malformed)), Hint::Broken)
            }
            Trouble::Unsendable(oversize) => {
                Failure::new(step, MqttCause::Unsendable(oversize), Hint::Shorten)
            }
            Trouble::Dial(_)
            | Trouble::Refused(_)
            | Trouble::Unanswered
            | Trouble::NotConnack(_)
            | Trouble::Authentication(_) => self.before_connack(trouble),
        }
    }

    /// Explains a close without a reason. Older versions have no DISCONNECT from the broker, and not every MQTT 5
    /// broker sends one, so there are only guesses.
    fn abrupt(&self) -> Failure {
        Failure::new(self.connection(), MqttCause::Closed, Hint::ClosedWithoutReason)
    }
}

/// Whether the first packet was one that only a broker sends first.
fn speaks_mqtt(malformed: &Malformed) -> bool {
    matches!(malformed.packet, Some(PacketKind::ConnAck | PacketKind::Auth | PacketKind::Disconnect))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::packet::Flaw;
    use crate::mqtt::reason::ReasonCode;

    fn options(version: impl Into<VersionChoice>) -> ConnectOptions {
        let version = version.into();
        ConnectOptions { host: "example.org".to_owned(), version, ..ConnectOptions::default() }
    }

    fn before(trouble: Trouble, finding: Option<Finding>) -> Ended {
        let options = options(MqttVersion::V5);
        let circumstances =
            Circumstances { options: &options, version: MqttVersion::V5, connected: false, finding };
        explain(trouble, circumstances)
    }

    fn refused(code: ReasonCode) -> Trouble {
        let refusal = Refusal { reason: code.into(), version: MqttVersion::V5, server_reference: None };
        Trouble::Refused(Box::new(refusal))
    }

    #[test]
    fn a_port_that_speaks_something_else_is_named() {
        let failure = before(Trouble::Closed, Some(Finding::Http)).failure;
        assert_eq!(failure.cause, MqttCause::Http.into());
        let failure = before(Trouble::Closed, Some(Finding::Tls)).failure;
        assert_eq!((failure.cause, failure.hint), (MqttCause::Tls.into(), Some(Hint::UseMqttsOrPlain)));
        let failure = before(Malformed::new(PacketKind::PubAck, Flaw::NoReasonCode).into(), None).failure;
        assert_eq!(failure.cause, MqttCause::NotMqtt.into());
    }

    #[test]
    fn both_codes_for_wrong_credentials_stop_the_retries() {
        for code in [ReasonCode::BAD_USER_NAME_OR_PASSWORD, ReasonCode::NOT_AUTHORIZED] {
            assert_eq!(before(refused(code), None).then, Then::RetryCredentials);
        }
        assert_eq!(before(refused(ReasonCode::QUOTA_EXCEEDED), None).then, Then::Retry);
    }

    #[test]
    fn the_version_that_was_not_tried_is_suggested() {
        for (version, other) in [
            (VersionChoice::from(MqttVersion::V5), Some(MqttVersion::V3_1_1)),
            (MqttVersion::V3_1_1.into(), Some(MqttVersion::V5)),
            (MqttVersion::V3_1.into(), Some(MqttVersion::V3_1_1)),
            (VersionChoice::Auto, None),
        ] {
            let options = options(version);
            let circumstances = Circumstances {
                options: &options,
                version: version.first(),
                connected: false,
                finding: None,
            };
            let failure = explain(Trouble::Closed, circumstances).failure;
            assert_eq!(failure.hint, Some(Hint::ClosedBeforeConnack(other)));
        }
    }

    #[test]
    fn what_lies_in_files_is_not_tried_again() {
        let step = Step::ClientKey("client.key".into());
        let failure = Failure::new(step, crate::mqtt::failure::FileCause::WrongPassphrase, None);
        assert_eq!(before(Trouble::Dial(Box::new(failure)), None).then, Then::Halt);
    }
}
