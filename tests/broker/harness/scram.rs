//! The server's side of SCRAM-SHA-256 (RFC 5802, RFC 7677) in an MQTT 5 broker that supports nothing else.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::num::NonZeroU32;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use mqttree::mqtt::options::MqttVersion;
use mqttree::mqtt::packet::{Auth, ConnAck, Incoming, decode_from_client, header};
use mqttree::mqtt::reason::ReasonCode;
use ring::{digest, hmac, pbkdf2};

use crate::harness::FakeServer;
use crate::harness::packets::refusal;

const METHOD: &str = "SCRAM-SHA-256";
const SALT: &[u8] = b"a salt of the test";

/// A mistake made by the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    Nothing,
    /// Its nonce does not begin with the client's.
    Nonce,
    /// It asks for this many iterations.
    Iterations(u32),
    /// Its signature is wrong.
    Signature,
    /// It accepts the client without a signature.
    NoSignature,
    /// It accepts the client without a challenge.
    NoChallenge,
    /// It continues with another method.
    Method,
    /// It answers with a SCRAM error.
    Error,
}

/// A broker that accepts clients who know `password`, and makes this mistake.
pub fn scram_server(username: &'static str, password: &'static str, wrong: Wrong) -> FakeServer {
    FakeServer::start(move |stream| {
        if serve(stream, username, password, wrong).is_none() {
            let code = ReasonCode::BAD_USER_NAME_OR_PASSWORD.0;
            stream.write_all(&refusal(MqttVersion::V5, code)).ok();
        }
        let mut rest = [0; 1024];
        while stream.read(&mut rest).is_ok_and(|count| count > 0) {}
    })
}

/// Serves one client; `None` if it is not accepted.
fn serve(stream: &mut TcpStream, username: &str, password: &str, wrong: Wrong) -> Option<()> {
    let connect = read(stream)?;
    let first = String::from_utf8(data(&connect)?).ok()?;
    let bare = first.strip_prefix("n,,")?;
    let (name, client_nonce) = bare.strip_prefix("n=")?.split_once(",r=")?;
    if name != username {
        return None;
    }
    // CONNECT does not contain the password itself.
    assert!(!connect.windows(password.len()).any(|window| window == password.as_bytes()));
    if wrong == Wrong::NoChallenge {
        let_in(stream, b"v=AAAA");
        return Some(());
    }
    let iterations = if let Wrong::Iterations(count) = wrong { count } else { 4_096 };
    let nonce = if wrong == Wrong::Nonce { "another".to_owned() } else { format!("{client_nonce}+server") };
    let challenge = format!("r={nonce},s={},i={iterations}", BASE64.encode(SALT));
    let method = if wrong == Wrong::Method { "SCRAM-SHA-1" } else { METHOD };
    challenge_with(stream, method, challenge.as_bytes());

    let last = String::from_utf8(data(&read(stream)?)?).ok()?;
    let (without_proof, proof) = last.split_once(",p=")?;
    assert_eq!(without_proof, format!("c=biws,r={nonce}"));
    let mut salted = [0; digest::SHA256_OUTPUT_LEN];
    let rounds = NonZeroU32::new(iterations)?;
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, SALT, password.as_bytes(), &mut salted);
    let message = format!("{bare},{challenge},{without_proof}");
    let sign = |key: &[u8], message: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message);
    let client_key = sign(&salted, b"Client Key");
    let stored_key = digest::digest(&digest::SHA256, client_key.as_ref());
    let signature = sign(stored_key.as_ref(), message.as_bytes());
    let wanted: Vec<u8> =
        client_key.as_ref().iter().zip(signature.as_ref()).map(|(key, signature)| key ^ signature).collect();
    if BASE64.decode(proof).ok()? != wanted {
        return None;
    }
    let server_key = sign(&salted, b"Server Key");
    let signed = if wrong == Wrong::Signature { "something else" } else { message.as_str() };
    let last = match wrong {
        Wrong::NoSignature => Vec::new(),
        Wrong::Error => b"e=other-error".to_vec(),
        _ => format!("v={}", BASE64.encode(sign(server_key.as_ref(), signed.as_bytes()))).into_bytes(),
    };
    let_in(stream, &last);
    Some(())
}

/// Reads one packet shorter than 16 KiB.
fn read(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut packet = vec![0; 2];
    stream.read_exact(&mut packet).ok()?;
    let mut remaining = usize::from(packet[1] & 0x7F);
    if packet[1] & 0x80 != 0 {
        let mut more = [0; 1];
        stream.read_exact(&mut more).ok()?;
        remaining |= usize::from(more[0]) << 7;
        packet.extend(more);
    }
    let start = packet.len();
    packet.resize(start + remaining, 0);
    stream.read_exact(&mut packet[start..]).ok()?;
    Some(packet)
}

/// The authentication data in a CONNECT or an AUTH.
fn data(packet: &[u8]) -> Option<Vec<u8>> {
    let header = header(packet).ok()??;
    match decode_from_client(header, packet.get(header.bytes..)?, MqttVersion::V5).ok()? {
        Incoming::Connect(connect) => connect.properties.authentication_data,
        Incoming::Auth(auth) => Some(auth.data),
        _ => None,
    }
}

/// Sends an AUTH with the next challenge.
fn challenge_with(stream: &mut TcpStream, method: &str, data: &[u8]) {
    let reason = ReasonCode::CONTINUE_AUTHENTICATION;
    let auth = Auth { reason, method: Some(method.to_owned()), data: data.to_vec(), reason_string: None };
    send(stream, &Incoming::Auth(auth));
}

/// Sends a CONNACK with the server's final data; without data, also without the method.
fn let_in(stream: &mut TcpStream, data: &[u8]) {
    let has_data = !data.is_empty();
    let connack = ConnAck {
        authentication_method: has_data.then(|| METHOD.to_owned()),
        authentication_data: has_data.then(|| data.to_vec()),
        ..ConnAck::default()
    };
    send(stream, &Incoming::ConnAck(Box::new(connack)));
}

fn send(stream: &mut TcpStream, packet: &Incoming<'_>) {
    let mut bytes = Vec::new();
    packet.encode(&mut bytes, MqttVersion::V5).unwrap();
    stream.write_all(&bytes).ok();
}
