//! The server's side of SCRAM-SHA-256 (RFC 5802, RFC 7677) in a broker of MQTT 5 that knows nothing else.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::num::NonZeroU32;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ring::{digest, hmac, pbkdf2};

use crate::harness::FakeServer;

const METHOD: &[u8] = b"SCRAM-SHA-256";
const SALT: &[u8] = b"a salt of the test";

/// What the server does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    Nothing,
    /// It begins with a nonce that is not the client's.
    Nonce,
    /// It asks for so many iterations.
    Iterations(u32),
    /// Its own signature is another one.
    Signature,
    /// It lets the client in without a signature.
    NoSignature,
    /// It lets the client in without a challenge.
    NoChallenge,
    /// It goes on with another method.
    Method,
    /// It answers with an error in SCRAM's words.
    Error,
}

/// A broker that lets in who knows `password`, and makes this mistake.
pub fn scram_server(username: &'static str, password: &'static str, wrong: Wrong) -> FakeServer {
    FakeServer::start(move |stream| {
        if serve(stream, username, password, wrong).is_none() {
            // CONNACK: bad user name or password.
            stream.write_all(b"\x20\x03\x00\x86\x00").ok();
        }
        let mut rest = [0; 1024];
        while stream.read(&mut rest).is_ok_and(|count| count > 0) {}
    })
}

/// `None`: the client is not let in.
fn serve(stream: &mut TcpStream, username: &str, password: &str, wrong: Wrong) -> Option<()> {
    let connect = read(stream)?;
    let first = String::from_utf8(data(&connect)?).ok()?;
    let bare = first.strip_prefix("n,,")?;
    let (name, client_nonce) = bare.strip_prefix("n=")?.split_once(",r=")?;
    if name != username {
        return None;
    }
    // The password itself is nowhere in CONNECT.
    assert!(!connect.windows(password.len()).any(|window| window == password.as_bytes()));
    if wrong == Wrong::NoChallenge {
        write(stream, 0x20, &[0, 0], METHOD, b"v=AAAA");
        return Some(());
    }
    let iterations = if let Wrong::Iterations(count) = wrong { count } else { 4_096 };
    let nonce = if wrong == Wrong::Nonce { "another".to_owned() } else { format!("{client_nonce}+server") };
    let challenge = format!("r={nonce},s={},i={iterations}", BASE64.encode(SALT));
    let method = if wrong == Wrong::Method { &b"SCRAM-SHA-1"[..] } else { METHOD };
    write(stream, 0xF0, &[0x18], method, challenge.as_bytes());

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
    write(stream, 0x20, &[0, 0], METHOD, &last);
    Some(())
}

/// One packet shorter than 16 KiB, from its first byte on.
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

/// The authentication data: what follows the method in the properties.
fn data(packet: &[u8]) -> Option<Vec<u8>> {
    let at = packet.windows(METHOD.len()).position(|window| window == METHOD)? + METHOD.len();
    let [0x16, high, low, rest @ ..] = packet.get(at..)? else { return None };
    rest.get(..usize::from(u16::from_be_bytes([*high, *low]))).map(<[u8]>::to_vec)
}

/// A packet of a head, the method and the data; without data, without both.
fn write(stream: &mut TcpStream, first: u8, head: &[u8], method: &[u8], data: &[u8]) {
    let mut properties = Vec::new();
    if !data.is_empty() {
        for (identifier, bytes) in [(0x15, method), (0x16, data)] {
            properties.push(identifier);
            properties.extend((bytes.len() as u16).to_be_bytes());
            properties.extend(bytes);
        }
    }
    let mut body = head.to_vec();
    put_length(&mut body, properties.len());
    body.extend(properties);
    let mut packet = vec![first];
    put_length(&mut packet, body.len());
    packet.extend(body);
    stream.write_all(&packet).ok();
}

fn put_length(out: &mut Vec<u8>, length: usize) {
    if length >= 128 {
        out.push((length & 0x7F) as u8 | 0x80);
    }
    out.push(if length >= 128 { (length >> 7) as u8 } else { length as u8 });
}
