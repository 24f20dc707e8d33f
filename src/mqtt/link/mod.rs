//! The one seam behind which MQTT is spoken: one [`Link`] is one connection to one broker.
//!
//! The session's worker makes a link, lends it an [`Exchange`] and calls [`Link::next`] until it ends; then it makes a
//! fresh one. Messages and events go out through the exchange, requests come in through it.
//!
//! Inside, from the bytes up: `io` reads into the `buffer` and writes the `outbox`; `connection` decides what has its
//! turn; `inbound` and `outbound` keep the rules of the protocol; `handshake` and `authentication` come before all that,
//! `explain` after it.
//!
//! A link never reconnects, but for the older version of MQTT that a broker may want, and never shows a password.

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

/// Why a link ended, and what that means for the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// What the owner does about it.
    pub then: Then,
    /// What to show.
    pub failure: Failure,
}

/// What the end of a link asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// DISCONNECT was sent because the owner asked for it.
    Stop,
    /// Connect again after a pause.
    Retry,
    /// Do not connect again by itself: a file of certificates or keys, or its passphrase, is to be mended first.
    Halt,
    /// Connect again after a pause; the same user name and password will hardly work.
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
    /// Prepares a link; [`Link::next`] connects.
    ///
    /// The options have passed [`check`](crate::mqtt::check::check); `client_id` is the one to send. The memory is that
    /// of the links before to the same broker.
    pub fn new(
        options: &'a ConnectOptions,
        client_id: &'a str,
        secrets: &'a Secrets,
        memory: &'a mut Memory,
    ) -> Self {
        Self { options, client_id, secrets, memory, connection: None }
    }

    /// What it connects to.
    pub fn options(&self) -> &'a ConnectOptions {
        self.options
    }

    /// Connects at the first call; then hands over what has come, sends what is asked for, and returns after at
    /// least one step. After an `Err` the link is of no more use.
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

    /// With the version that was spoken before, or with the newest, and then with the one that all brokers speak.
    async fn connect(&mut self, exchange: &mut impl Exchange) -> Result<(), Ended> {
        let is_open = self.options.version == VersionChoice::Auto;
        // Older versions know no enhanced authentication: there the password would be sent as it is, or not at all.
        let may_fall_back = is_open && self.options.authentication == Authentication::None;
        let newest = self.options.version.first();
        let (version, other) = match self.memory.spoken {
            // What was spoken at another time may no longer be.
            Some(version) => (version, (self.memory.presumed && may_fall_back).then_some(newest)),
            None => (newest, may_fall_back.then_some(MqttVersion::V3_1_1)),
        };
        let is_question = is_open && self.memory.spoken.is_none();
        let Err(failed) = self.attempt(version, is_question, exchange).await else {
            self.memory.spoken = Some(version);
            return Ok(());
        };
        let may_be_the_version = failed.finding.is_none() && failed.trouble.may_be_the_version();
        let Some(other) = other.filter(|_| may_be_the_version) else {
            let tried = [Some(version).filter(|_| is_open && may_be_the_version), None];
            return Err(self.explain(failed, tried, version).await);
        };
        (self.memory.spoken, self.memory.presumed) = (None, false);
        // Anything else may have been chance: the next connection begins with the newest version again. A silence is
        // remembered because it would be waited for again.
        let is_certain = matches!(failed.trouble, Trouble::Refused(_) | Trouble::Unanswered);
        let circumstances = Circumstances { options: self.options, version, connected: false, finding: None };
        let failure = explain(failed.trouble, circumstances).failure;
        exchange.event(Event::Fallback { from: version, to: other, failure });
        match self.attempt(other, is_certain || other == newest, exchange).await {
            Ok(()) => {
                self.memory.spoken = (is_certain || other == newest).then_some(other);
                Ok(())
            }
            Err(failed) => Err(self.explain(failed, [Some(version), Some(other)], other).await),
        }
    }

    /// One connection; `finds` if its success says which version the broker speaks.
    async fn attempt(
        &mut self,
        version: MqttVersion,
        finds: bool,
        exchange: &mut impl Exchange,
    ) -> Result<(), Failed> {
        let Self { options, client_id, secrets, .. } = *self;
        let (mut connection, mut connected) =
            Attempt { options, client_id, secrets, version }.connect(exchange).await?;
        // CONNACK of MQTT 3.1 cannot say whether the session goes on: it does for who did not ask for a clean one.
        connected.goes_on =
            connected.session_present || (version == MqttVersion::V3_1 && !options.clean_session);
        connected.found = finds.then_some(version);
        self.memory.begin(version, connected.server.receive_max, connected.goes_on);
        exchange.event(Event::Connected(Box::new(connected)));
        connection.resume(self.memory, exchange);
        self.connection = Some(Box::new(connection));
        Ok(())
    }

    /// Says why there is no connection; looks again at a port that may not speak MQTT at all.
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
