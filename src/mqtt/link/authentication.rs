//! Enhanced authentication (MQTT 5.0, 4.12), by any method.

use crate::mqtt::failure::AuthenticationCause;
use crate::mqtt::link::scram::Scram;
use crate::mqtt::link::trouble::Trouble;
use crate::mqtt::options::{Authentication, ConnectOptions, MqttVersion, Secrets};
use crate::mqtt::packet::{Auth, ConnAck, Credentials};
use crate::mqtt::reason::{Reason, ReasonCode};

/// The client's side of an enhanced authentication, from CONNECT to CONNACK.
pub(super) struct Authenticator {
    method: Option<String>,
    first: Vec<u8>,
    scram: Option<Scram>,
}

impl Authenticator {
    /// Creates the client's side of the authentication. Only MQTT 5 has any.
    pub(super) fn new(
        options: &ConnectOptions,
        secrets: &Secrets,
        version: MqttVersion,
    ) -> Result<Self, Trouble> {
        let chosen = if version == MqttVersion::V5 { &options.authentication } else { &Authentication::None };
        let mut authenticator =
            Self { method: chosen.method().map(str::to_owned), first: Vec::new(), scram: None };
        match chosen {
            Authentication::None => {}
            Authentication::Token { .. } => {
                authenticator.first = secrets.token.expose().as_bytes().to_vec();
            }
            Authentication::ScramSha256 => {
                let scram = Scram::new(&options.username, &secrets.password)?;
                authenticator.first = scram.first();
                authenticator.scram = Some(scram);
            }
        }
        Ok(authenticator)
    }

    /// The credentials that CONNECT sends. With SCRAM the password is not among them.
    pub(super) fn credentials<'a>(
        &'a self,
        options: &'a ConnectOptions,
        secrets: &'a Secrets,
    ) -> Credentials<'a> {
        let authentication = self.method.as_deref().map(|method| (method, self.first.as_slice()));
        if self.scram.is_some() {
            return Credentials { authentication, ..Credentials::default() };
        }
        Credentials { username: &options.username, password: secrets.password.expose(), authentication }
    }

    /// The answer to the broker's AUTH: the method again and the next data.
    pub(super) fn answer(&mut self, auth: &Auth) -> Result<(&str, Vec<u8>), Trouble> {
        let Some(method) = &self.method else {
            return Err(AuthenticationCause::NotOffered.into());
        };
        if auth.reason != ReasonCode::CONTINUE_AUTHENTICATION {
            let reason = Reason::new(auth.reason, auth.reason_string.as_deref());
            return Err(AuthenticationCause::Continued(reason).into());
        }
        if auth.method.as_ref() != Some(method) {
            return Err(AuthenticationCause::OtherMethod.into());
        }
        match &mut self.scram {
            Some(scram) => Ok((method, scram.answer(&auth.data)?)),
            None => Err(AuthenticationCause::MoreThanToken.into()),
        }
    }

    /// Checks the positive CONNACK that ends the authentication.
    pub(super) fn finish(&mut self, connack: &ConnAck) -> Result<(), Trouble> {
        match &mut self.scram {
            Some(scram) => Ok(scram.finish(connack.authentication_data.as_deref())?),
            None => Ok(()),
        }
    }
}
