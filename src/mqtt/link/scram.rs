//! The client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677): both sides prove that they know the password without
//! sending it.
//!
//! There is no channel binding. User name and password are UTF-8, exactly as typed.

use std::num::NonZeroU32;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ring::rand::SecureRandom as _;
use ring::{digest, hmac, pbkdf2};

use crate::mqtt::failure::{ScramCause, ScramField};
use crate::mqtt::options::Secret;

/// The minimum of RFC 7677, 4. With fewer, anybody who records the exchange can guess an ordinary password.
const ITERATIONS_MIN: u32 = 4_096;
/// About a second of work.
const ITERATIONS_MAX: u32 = 2_000_000;
const NONCE_BYTES: usize = 18;
/// How much of the broker's error text is kept, in characters.
const ERROR_CHARS_MAX: usize = 100;

/// One authentication.
pub(super) struct Scram {
    password: Secret,
    nonce: String,
    /// The first message without its header.
    first: String,
    stage: Stage,
}

enum Stage {
    /// The broker's challenge comes next.
    Greeted,
    /// The broker's proof comes next and is checked with these.
    Proved { server_key: hmac::Key, message: String },
    /// The broker has proved that it knows the password.
    Done,
}

impl Scram {
    /// Starts an authentication with a new nonce.
    pub(super) fn new(username: &str, password: &Secret) -> Result<Self, ScramCause> {
        let mut random = [0; NONCE_BYTES];
        ring::rand::SystemRandom::new().fill(&mut random).map_err(|_| ScramCause::NoRandomNumbers)?;
        Ok(Self::with_nonce(username, password, BASE64.encode(random)))
    }

    fn with_nonce(username: &str, password: &Secret, nonce: String) -> Self {
        let username = username.replace('=', "=3D").replace(',', "=2C");
        let first = format!("n={username},r={nonce}");
        Self { password: password.clone(), nonce, first, stage: Stage::Greeted }
    }

    /// The data for CONNECT.
    pub(super) fn first(&self) -> Vec<u8> {
        format!("n,,{}", self.first).into_bytes()
    }

    /// The data for the AUTH that answers the broker.
    pub(super) fn answer(&mut self, data: &[u8]) -> Result<Vec<u8>, ScramCause> {
        match &self.stage {
            Stage::Greeted => self.prove(data),
            // Some brokers send their proof in a separate AUTH and wait for an empty one.
            Stage::Proved { .. } => self.verify(data).map(|()| Vec::new()),
            Stage::Done => Err(ScramCause::AfterEnd),
        }
    }

    /// Answers the challenge `r=…,s=…,i=…`.
    fn prove(&mut self, challenge: &[u8]) -> Result<Vec<u8>, ScramCause> {
        let challenge = text(challenge)?;
        let mut fields = challenge.split(',');
        let mut field = |name: &str, what: ScramField| {
            let value = fields.next().and_then(|field| field.strip_prefix(name));
            value.ok_or(ScramCause::FieldMissing(what))
        };
        let nonce = field("r=", ScramField::Nonce)?;
        let salt = BASE64.decode(field("s=", ScramField::Salt)?).map_err(|_| ScramCause::Salt)?;
        let iterations = field("i=", ScramField::Iterations)?;
        if nonce.len() <= self.nonce.len() || !nonce.starts_with(&self.nonce) {
            return Err(ScramCause::Nonce);
        }
        let iterations = iterations
            .parse::<u32>()
            .ok()
            .filter(|count| (ITERATIONS_MIN..=ITERATIONS_MAX).contains(count))
            .and_then(NonZeroU32::new)
            .ok_or_else(|| ScramCause::Iterations {
                asked: iterations.to_owned(),
                min: ITERATIONS_MIN,
                max: ITERATIONS_MAX,
            })?;

        let mut salted = [0; digest::SHA256_OUTPUT_LEN];
        let password = self.password.expose().as_bytes();
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, iterations, &salt, password, &mut salted);
        let salted = hmac::Key::new(hmac::HMAC_SHA256, &salted);
        let client_key = hmac::sign(&salted, b"Client Key");
        let stored_key = digest::digest(&digest::SHA256, client_key.as_ref());
        let server_key = hmac::sign(&salted, b"Server Key");

        // "biws" is "n,," in base64: no channel binding.
        let last = format!("c=biws,r={nonce}");
        let message = format!("{},{challenge},{last}", self.first);
        let signature =
            hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, stored_key.as_ref()), message.as_bytes());
        let proof: Vec<u8> = client_key
            .as_ref()
            .iter()
            .zip(signature.as_ref())
            .map(|(key, signature)| key ^ signature)
            .collect();
        let server_key = hmac::Key::new(hmac::HMAC_SHA256, server_key.as_ref());
        self.stage = Stage::Proved { server_key, message };
        Ok(format!("{last},p={}", BASE64.encode(proof)).into_bytes())
    }

    /// Checks the broker's proof `v=…` in constant time.
    fn verify(&mut self, last: &[u8]) -> Result<(), ScramCause> {
        let Stage::Proved { server_key, message } = &self.stage else {
            return Err(ScramCause::NoChallenge);
        };
        let last = text(last)?;
        if let Some(error) = last.strip_prefix("e=") {
            return Err(ScramCause::Error(error.chars().take(ERROR_CHARS_MAX).collect()));
        }
        let signature = last
            .split(',')
            .next()
            .and_then(|field| field.strip_prefix("v="))
            .and_then(|signature| BASE64.decode(signature).ok())
            .ok_or(ScramCause::NoSignature)?;
        hmac::verify(server_key, message.as_bytes(), &signature).map_err(|_| ScramCause::WrongSignature)?;
        self.stage = Stage::Done;
        Ok(())
    }

    /// Checks the data of CONNACK: only a broker that has proved itself is trusted.
    pub(super) fn finish(&mut self, data: Option<&[u8]>) -> Result<(), ScramCause> {
        match (&self.stage, data) {
            (Stage::Done, _) => Ok(()),
            (_, Some(data)) => self.verify(data),
            (_, None) => Err(ScramCause::NoProof),
        }
    }
}

fn text(data: &[u8]) -> Result<&str, ScramCause> {
    std::str::from_utf8(data).map_err(|_| ScramCause::NotUtf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example from RFC 7677, 3.
    fn example() -> Scram {
        Scram::with_nonce("user", &Secret::new("pencil"), "rOprNGfwEbeRWgbNEkqO".to_owned())
    }

    const CHALLENGE: &[u8] =
        b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    #[test]
    fn the_specifications_example_comes_out() {
        let mut scram = example();
        assert_eq!(scram.first(), b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        let answer = scram.answer(CHALLENGE).unwrap();
        let wanted = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
        assert_eq!(String::from_utf8(answer).unwrap(), wanted);
        let last = b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";
        assert_eq!(scram.finish(Some(last)), Ok(()));
    }

    #[test]
    fn a_broker_that_does_not_know_the_password_is_not_believed() {
        for (last, why) in [
            (Some(&b"v=AAAATRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="[..]), ScramCause::WrongSignature),
            (Some(b"v=???"), ScramCause::NoSignature),
            (Some(b"\xff"), ScramCause::NotUtf8),
            (Some(b"e=invalid-proof"), ScramCause::Error("invalid-proof".to_owned())),
            (None, ScramCause::NoProof),
        ] {
            let mut scram = example();
            scram.answer(CHALLENGE).unwrap();
            assert_eq!(scram.finish(last), Err(why));
        }
        assert_eq!(example().finish(Some(b"v=AAAA")), Err(ScramCause::NoChallenge));
    }

    #[test]
    fn a_challenge_that_is_none_is_refused() {
        let iterations = |asked: &str| ScramCause::Iterations {
            asked: asked.to_owned(),
            min: ITERATIONS_MIN,
            max: ITERATIONS_MAX,
        };
        for (challenge, why) in [
            (&b""[..], ScramCause::FieldMissing(ScramField::Nonce)),
            (b"r=other,s=W22Z,i=4096", ScramCause::Nonce),
            (b"r=rOprNGfwEbeRWgbNEkqO,s=W22Z,i=4096", ScramCause::Nonce),
            (b"r=rOprNGfwEbeRWgbNEkqOx,s=?,i=4096", ScramCause::Salt),
            (b"r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=1", iterations("1")),
            (b"r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=4000000000", iterations("4000000000")),
            (b"r=rOprNGfwEbeRWgbNEkqOx,s=W22Z", ScramCause::FieldMissing(ScramField::Iterations)),
            // A mandatory extension that we do not support (RFC 5802, 5.1).
            (b"m=x,r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=4096", ScramCause::FieldMissing(ScramField::Nonce)),
        ] {
            assert_eq!(example().answer(challenge), Err(why));
        }
    }

    #[test]
    fn a_user_name_with_a_comma_cannot_break_out_of_its_field() {
        let scram = Scram::with_nonce("a,r=b", &Secret::default(), "n".to_owned());
        assert_eq!(scram.first(), b"n,,n=a=2Cr=3Db,r=n");
    }
}
