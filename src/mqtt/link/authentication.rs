//! Enhanced authentication (MQTT 5.0, 4.12), whatever the method.

use crate::mqtt::link::scram::Scram;
use crate::mqtt::link::trouble::Trouble;
use crate::mqtt::options::{Authentication, ConnectOptions, MqttVersion, Secrets};
use crate::mqtt::packet::{Auth, ConnAck, Credentials};
use crate::mqtt::reason::{self, ReasonCode};

/// What is said on our side from CONNECT to CONNACK.
pub(super) struct Authenticator {
    method: Option<String>,
    first: Vec<u8>,
    scram: Option<Scram>,
}

impl Authenticator {
    /// Only MQTT 5 has any.
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
                let scram =
                    Scram::new(&options.username, &secrets.password).map_err(Trouble::Authentication)?;
                authenticator.first = scram.first();
                authenticator.scram = Some(scram);
            }
        }
        Ok(authenticator)
    }

    /// What goes into CONNECT. With SCRAM the password stays here.
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

    /// The answer to an AUTH of the broker: the method again and the next data.
    pub(super) fn answer(&mut self, auth: &Auth) -> Result<(&str, Vec<u8>), Trouble> {
        let failed = |why: &str| Trouble::Authentication(why.to_owned());
        let Some(method) = &self.method else {
            return Err(failed("the broker asks for an authentication that was not offered"));
        };
        if auth.reason != ReasonCode::CONTINUE_AUTHENTICATION {
            let words = reason::with_note(auth.reason, auth.reason_string.as_deref());
            return Err(Trouble::Authentication(format!("the broker goes on with: {words}")));
        }
        if auth.method.as_ref() != Some(method) {
            return Err(failed("the broker goes on with another authentication method"));
        }
        match &mut self.scram {
            Some(scram) => {
                let data = scram.answer(&auth.data).map_err(Trouble::Authentication)?;
                Ok((method, data))
            }
            None => Err(failed("the broker wants more than the token")),
        }
    }

    /// A positive CONNACK came.
    pub(super) fn finish(&mut self, connack: &ConnAck) -> Result<(), Trouble> {
        match &mut self.scram {
            Some(scram) => {
                scram.finish(connack.authentication_data.as_deref()).map_err(Trouble::Authentication)
            }
            None => Ok(()),
        }
    }
}
