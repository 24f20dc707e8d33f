//! A message as a line of comma-separated values (RFC 4180).

use data_encoding::BASE64;

use crate::interchange::written_time;
use crate::message::MessageRef;

/// The line of names.
pub(super) const HEAD: &[u8] = b"time,topic,qos,retain,dup,encoding,payload\r\n";

/// Appends a message. A payload that is no text is Base64, and says so; a topic that is none has signs in place of what is not.
pub(super) fn message(message: MessageRef<'_>, out: &mut Vec<u8>) {
    let flags = message.flags;
    out.extend_from_slice(written_time(message.arrived).as_bytes());
    out.push(b',');
    field(&String::from_utf8_lossy(message.topic), out);
    let (qos, retain, dup) = (u8::from(flags.qos), u8::from(flags.retain), u8::from(flags.dup));
    out.extend_from_slice(format!(",{qos},{retain},{dup},").as_bytes());
    let payload = message.payload.bytes();
    if let Ok(text) = str::from_utf8(payload) {
        out.extend_from_slice(b"utf-8,");
        field(text, out);
    } else {
        out.extend_from_slice(b"base64,");
        out.extend_from_slice(BASE64.encode(payload).as_bytes());
    }
    out.extend_from_slice(b"\r\n");
}

fn field(text: &str, out: &mut Vec<u8>) {
    if text.contains(['"', ',', '\n', '\r']) {
        out.push(b'"');
        out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
        out.push(b'"');
    } else {
        out.extend_from_slice(text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Flags, Payload, QoS, Timestamp};

    #[test]
    fn commas_quotes_and_bytes_stay_in_their_fields() {
        let one = |payload| MessageRef {
            topic: b"a,b",
            payload: Payload::Small(payload),
            flags: Flags { qos: QoS::ExactlyOnce, retain: false, dup: true },
            properties: None,
            arrived: Timestamp(5),
        };
        let mut out = Vec::new();
        message(one(b"say \"x\""), &mut out);
        message(one(b"\xff"), &mut out);
        let expected = "1970-01-01T00:00:00.000005Z,\"a,b\",2,0,1,utf-8,\"say \"\"x\"\"\"\r\n\
                        1970-01-01T00:00:00.000005Z,\"a,b\",2,0,1,base64,/w==\r\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
