//! The only interface through which MQTT is spoken: a [`Link`] is one connection to one broker.
//!
//! The session's worker creates a link, lends it an [`Exchange`] and calls [`Link::next`] until it ends, then creates a
//! new one. Messages and events go out through the exchange; requests come in through it.
//!
//! Inside, from the bytes up: `io` reads into the `buffer` and writes the `outbox`; `connection` decides whose turn it
//! is; `inbound` and `outbound` implement the protocol's rules; `handshake` and `authentication` run before all that,
//! `explain` afterwards.
//!
//! A link never reconnects, except to try the older version of MQTT that a broker may need, and never reveals a
//! password.

mod authentication;
mod buffer;
mod connection;
mod event;
mod exchange;
mod explain;
mod flight;
mod handshake;
mod inbound;
mod io;
mod keep_alive;
mod memory;
mod outbound;
mod outbox;
mod probe;
mod record;
mod rejection;
mod scram;
#[cfg(test)]
mod tests;
mod trouble;

use crate::mqtt::failure::Failure;
use crate::mqtt::link::connection::Connection;
use crate::mqtt::link::explain::{Circumstances, explain};
use crate::mqtt::link::handshake::{Attempt, Failed};
use crate::mqtt::link::probe::probe;
use crate::mqtt::link::trouble::Trouble;
use crate::mqtt::options::{Authentication, ConnectOptions, MqttVersion, Protocol, Secrets, VersionChoice};
pub use crate::mqtt::packet::ServerProperties;

pub use crate::mqtt::link::event::{Connected, Event, PublishOutcome};
pub use crate::mqtt::link::exchange::{Accept, Exchange, Received, Request};
pub use crate::mqtt::link::memory::Memory;
pub use crate::mqtt::link::rejection::{Rejection, Restriction};

/// Why a link ended, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// What the owner should do.
    pub then: Then,
    /// The failure to show.
    pub failure: Failure,
}

/// What the owner of an ended link should do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// DISCONNECT was sent because the owner asked for it.
    Stop,
    /// Connect again after a pause.
    Retry,
    /// Do not reconnect automatically: a certificate or key file, or its passphrase, must be fixed first.
    Halt,
    /// Connect again after a pause, although the same credentials will hardly work.
    RetryCredentials,
}

/// One connection to a broker.
pub struct Link<'a> {
    options: &'a ConnectOptions,
    client_id: &'a str,
    secrets: &'a Secrets,
    memory: &'a mut Memory,
    connection: Option<Box<Connection>>,
}

impl<'a> Link<'a> {
    /// Creates a link; [`Link::next`] connects.
    ///
    /// The options must have passed [`check`](crate::mqtt::check::check); `client_id` is the one to send. The memory is
    /// shared with earlier links to the same broker.
    pub fn new(
        options: &'a ConnectOptions,
        client_id: &'a str,
        secrets: &'a Secrets,
        memory: &'a mut Memory,
    ) -> Self {
        Self { options, client_id, secrets, memory, connection: None }
    }

    /// The options it connects with.
    pub fn options(&self) -> &'a ConnectOptions {
        self.options
    }

    /// Connects on the first call. After that, hands over what has arrived, sends what is requested and returns after
    /// at least one step. After an `Err` the link cannot be used again.
    pub async fn next(&mut self, exchange: &mut impl Exchange) -> Result<(), Ended> {
        let Some(connection) = &mut self.connection else { return self.connect(exchange).await };
        match connection.step(self.memory, exchange).await {
            Ok(()) => Ok(()),
            Err(trouble) => {
                let version = connection.version;
                let circumstances =
                    Circumstances { options: self.options, version, connected: true, finding: None };
                Err(explain(trouble, circumstances))
            }
        }
    }

    /// Connects with the version spoken before or the newest one, then falls back to the other that is worth trying: the
    /// version that every broker speaks, or the newest where the one from an earlier run no longer works.
    async fn connect(&mut self, exchange: &mut impl Exchange) -> Result<(), Ended> {
        let is_open = self.options.version == VersionChoice::Auto;
        // Older versions have no enhanced authentication: the password would be sent in the clear, or not at all.
        let may_fall_back = is_open && self.options.authentication == Authentication::None;
        let newest = self.options.version.first();
        let (version, other) = match self.memory.spoken {
            // What an earlier run spoke may no longer be true.
            Some(version) => (version, (self.memory.presumed && may_fall_back).then_some(newest)),
            None => (newest, may_fall_back.then_some(MqttVersion::V3_1_1)),
        };
        let is_question = is_open && self.memory.spoken.is_none();
        let Err(failed) = self.attempt(version, is_question, exchange).await else {
            (self.memory.spoken, self.memory.presumed) = (Some(version), false);
            return Ok(());
        };
        let may_be_the_version = failed.finding.is_none() && failed.trouble.may_be_the_version();
        let Some(other) = other.filter(|_| may_be_the_version) else {
            let tried = [Some(version).filter(|_| is_open && may_be_the_version), None];
            return Err(self.explain(failed, tried, version).await);
        };
        (self.memory.spoken, self.memory.presumed) = (None, false);
        // Anything else may have been chance, so the next connection starts with the newest version again. A silence is
        // remembered, because otherwise every connection would wait for it again.
        let is_certain =
            other == newest || matches!(failed.trouble, Trouble::Refused(_) | Trouble::Unanswered);
        let circumstances = Circumstances { options: self.options, version, connected: false, finding: None };
        let failure = explain(failed.trouble, circumstances).failure;
        exchange.event(Event::Fallback { from: version, to: other, failure });
        match self.attempt(other, is_certain, exchange).await {
            Ok(()) => {
                self.memory.spoken = is_certain.then_some(other);
                Ok(())
            }
            Err(failed) => Err(self.explain(failed, [Some(version), Some(other)], other).await),
        }
    }

    /// Makes one connection; `finds` if its success reveals which version the broker speaks.
    async fn attempt(
        &mut self,
        version: MqttVersion,
        finds: bool,
        exchange: &mut impl Exchange,
    ) -> Result<(), Failed> {
        let Self { options, client_id, secrets, .. } = *self;
        let (mut connection, mut connected) =
            Attempt { options, client_id, secrets, version }.connect(exchange).await?;
        // MQTT 3.1's CONNACK cannot say whether the session is resumed: it is, unless a clean one was requested.
        connected.goes_on =
            connected.session_present || (version == MqttVersion::V3_1 && !options.clean_session);
        connected.found = finds.then_some(version);
        self.memory.begin(version, connected.server.receive_max, connected.goes_on);
        exchange.event(Event::Connected(Box::new(connected)));
        connection.resume(self.memory, exchange);
        self.connection = Some(Box::new(connection));
        Ok(())
    }

    /// Explains why there is no connection, probing a port that may not speak MQTT at all.
    async fn explain(&self, failed: Failed, tried: [Option<MqttVersion>; 2], version: MqttVersion) -> Ended {
        let ConnectOptions { protocol, network, .. } = self.options;
        let Failed { trouble, mut finding } = failed;
        let can_look = matches!(protocol, Protocol::Mqtt | Protocol::Mqtts) && network.proxy.is_none();
        if finding.is_none() && can_look && trouble.has_many_causes() {
            finding = Some(probe(self.options).await);
        }
        let mut ended =
            explain(trouble, Circumstances { options: self.options, version, connected: false, finding });
        ended.failure.tried = tried;
        ended
    }
}
