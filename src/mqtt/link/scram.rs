//! SCRAM-SHA-256 (RFC 5802, RFC 7677), the client's side: both prove that they know the password, neither sends it.
//!
//! Without channel binding, and with user name and password as UTF-8 just as they were typed.

use std::num::NonZeroU32;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ring::rand::SecureRandom as _;
use ring::{digest, hmac, pbkdf2};

use crate::mqtt::options::Secret;

/// RFC 7677, 4. With fewer, whoever reads the exchange finds an ordinary password by trying.
const ITERATIONS_MIN: u32 = 4_096;
/// A second of work.
const ITERATIONS_MAX: u32 = 2_000_000;
const NONCE_BYTES: usize = 18;

/// Why it failed: a clause.
pub(super) type Failed = String;

/// One authentication.
pub(super) struct Scram {
    password: Secret,
    nonce: String,
    /// What was sent first, without its header.
    first: String,
    stage: Stage,
}

enum Stage {
    /// The broker's challenge comes next.
    Greeted,
    /// The broker's own proof comes next: what it is checked with.
    Proved { server_key: hmac::Key, message: String },
    /// It knows the password.
    Done,
}

impl Scram {
    /// With a nonce of its own.
    pub(super) fn new(username: &str, password: &Secret) -> Result<Self, Failed> {
        let mut random = [0; NONCE_BYTES];
        ring::rand::SystemRandom::new()
            .fill(&mut random)
            .map_err(|_| "the system has no random numbers".to_owned())?;
        Ok(Self::with_nonce(username, password, BASE64.encode(random)))
    }

    fn with_nonce(username: &str, password: &Secret, nonce: String) -> Self {
        let username = username.replace('=', "=3D").replace(',', "=2C");
        let first = format!("n={username},r={nonce}");
        Self { password: password.clone(), nonce, first, stage: Stage::Greeted }
    }

    /// What CONNECT says.
    pub(super) fn first(&self) -> Vec<u8> {
        format!("n,,{}", self.first).into_bytes()
    }

    /// What AUTH answers to what the broker said.
    pub(super) fn answer(&mut self, data: &[u8]) -> Result<Vec<u8>, Failed> {
        match &self.stage {
            Stage::Greeted => self.prove(data),
            // Some brokers give their proof in an AUTH of its own and wait for an empty one.
            Stage::Proved { .. } => self.verify(data).map(|()| Vec::new()),
            Stage::Done => Err("the broker goes on after the end of the authentication".to_owned()),
        }
    }

    /// Answers `r=…,s=…,i=…`.
    fn prove(&mut self, challenge: &[u8]) -> Result<Vec<u8>, Failed> {
        let challenge = text(challenge)?;
        let mut fields = challenge.split(',');
        let mut field = |name: &str, what: &str| {
            let value = fields.next().and_then(|field| field.strip_prefix(name));
            value.ok_or_else(|| format!("the broker's challenge has no {what}"))
        };
        let nonce = field("r=", "nonce")?;
        let salt = BASE64
            .decode(field("s=", "salt")?)
            .map_err(|_| "the salt in the broker's challenge is not base64".to_owned())?;
        let iterations = field("i=", "iteration count")?;
        if nonce.len() <= self.nonce.len() || !nonce.starts_with(&self.nonce) {
            return Err("the nonce in the broker's challenge does not continue ours".to_owned());
        }
        let iterations = iterations
            .parse::<u32>()
            .ok()
            .filter(|count| (ITERATIONS_MIN..=ITERATIONS_MAX).contains(count))
            .and_then(NonZeroU32::new)
            .ok_or_else(|| {
                format!(
                    "the broker asks for {iterations:?} iterations; {ITERATIONS_MIN} to {ITERATIONS_MAX} are acceptable"
                )
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

    /// Checks `v=…`, in a time that tells nothing.
    fn verify(&mut self, last: &[u8]) -> Result<(), Failed> {
        let Stage::Proved { server_key, message } = &self.stage else {
            return Err("the broker skipped its challenge".to_owned());
        };
        let last = text(last)?;
        if let Some(error) = last.strip_prefix("e=") {
            return Err(format!("the broker says {:?}", error.chars().take(100).collect::<String>()));
        }
        let signature = last
            .split(',')
            .next()
            .and_then(|field| field.strip_prefix("v="))
            .and_then(|signature| BASE64.decode(signature).ok())
            .ok_or_else(|| "the broker's last word is not a signature".to_owned())?;
        hmac::verify(server_key, message.as_bytes(), &signature)
            .map_err(|_| "the broker does not know the password: its signature is wrong".to_owned())?;
        self.stage = Stage::Done;
        Ok(())
    }

    /// CONNACK came with this: only a broker that has proved itself is believed.
    pub(super) fn finish(&mut self, data: Option<&[u8]>) -> Result<(), Failed> {
        match (&self.stage, data) {
            (Stage::Done, _) => Ok(()),
            (_, Some(data)) => self.verify(data),
            (_, None) => Err("the broker did not prove that it knows the password".to_owned()),
        }
    }
}

fn text(data: &[u8]) -> Result<&str, Failed> {
    std::str::from_utf8(data).map_err(|_| "the broker's answer is not UTF-8".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7677, 3.
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
            (Some(&b"v=AAAATRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="[..]), "signature is wrong"),
            (Some(b"v=???"), "not a signature"),
            (Some(b"\xff"), "not UTF-8"),
            (Some(b"e=invalid-proof"), "invalid-proof"),
            (None, "did not prove"),
        ] {
            let mut scram = example();
            scram.answer(CHALLENGE).unwrap();
            let failed = scram.finish(last).unwrap_err();
            assert!(failed.contains(why), "{failed}");
        }
        assert!(example().finish(Some(b"v=AAAA")).unwrap_err().contains("skipped"));
    }

    #[test]
    fn a_challenge_that_is_none_is_refused() {
        for (challenge, why) in [
            (&b""[..], "nonce"),
            (b"r=other,s=W22Z,i=4096", "does not continue ours"),
            (b"r=rOprNGfwEbeRWgbNEkqO,s=W22Z,i=4096", "does not continue ours"),
            (b"r=rOprNGfwEbeRWgbNEkqOx,s=?,i=4096", "not base64"),
            (b"r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=1", "4096 to"),
            (b"r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=4000000000", "4096 to"),
            (b"r=rOprNGfwEbeRWgbNEkqOx,s=W22Z", "iteration count"),
            // A mandatory extension that we do not know (RFC 5802, 5.1).
            (b"m=x,r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=4096", "nonce"),
        ] {
            let failed = example().answer(challenge).unwrap_err();
            assert!(failed.contains(why), "{failed}");
        }
    }

    #[test]
    fn a_user_name_with_a_comma_cannot_break_out_of_its_field() {
        let scram = Scram::with_nonce("a,r=b", &Secret::default(), "n".to_owned());
        assert_eq!(scram.first(), b"n,,n=a=2Cr=3Db,r=n");
    }
}
