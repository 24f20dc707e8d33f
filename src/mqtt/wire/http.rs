//! The head of an HTTP/1.1 response from a proxy or websocket server (RFC 9112).

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _};

use crate::mqtt::failure::HttpStatus;
use crate::mqtt::options::{is_secret_header, without_query};
use crate::mqtt::step::{Detail, HttpHeader};

/// Larger than any genuine head.
const HEAD_BYTES_MAX: usize = 16 * 1024;
const HEADERS_MAX: usize = 96;

/// Status line and headers.
#[derive(Debug)]
pub(super) struct Head {
    /// The response status.
    pub status: HttpStatus,
    /// Headers in the order sent; values that are not UTF-8 contain replacement characters.
    pub headers: Vec<(String, String)>,
    /// Bytes received after the head.
    pub rest: Vec<u8>,
}

impl Head {
    /// The first header of this name, ignoring case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim())
    }

    /// The status and the headers, without values that may grant access.
    pub fn details(&self) -> impl Iterator<Item = Detail> {
        let status = Detail::Status(self.status.clone());
        let headers = self.headers.iter().map(|(name, value)| Detail::Header(shown(name, value)));
        std::iter::once(status).chain(headers)
    }
}

/// Why there is no head.
#[derive(Debug)]
pub(super) enum NoHead {
    /// The stream broke or ended.
    Io(io::Error),
    /// The stream ended without a byte.
    Closed,
    /// The first bytes are TLS.
    Tls,
    /// The first bytes are something else.
    NotHttp,
    /// The head does not end.
    TooLong,
}

/// Reads up to the empty line that ends a head.
pub(super) async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> Result<Head, NoHead> {
    let mut bytes = Vec::new();
    loop {
        match bytes.as_slice() {
            [0x15 | 0x16, 0x03, ..] => return Err(NoHead::Tls),
            bytes if !b"HTTP/".starts_with(&bytes[..bytes.len().min(5)]) => return Err(NoHead::NotHttp),
            _ => {}
        }
        if let Some(head) = parse(&bytes)? {
            return Ok(head);
        }
        if bytes.len() >= HEAD_BYTES_MAX {
            return Err(NoHead::TooLong);
        }
        if stream.read_buf(&mut bytes).await.map_err(NoHead::Io)? == 0 {
            return Err(if bytes.is_empty() {
                NoHead::Closed
            } else {
                NoHead::Io(io::ErrorKind::UnexpectedEof.into())
            });
        }
    }
}

/// Parses a head; `None` if it is incomplete.
fn parse(bytes: &[u8]) -> Result<Option<Head>, NoHead> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut response = httparse::Response::new(&mut headers);
    let length = match response.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(NoHead::TooLong),
        Err(_) => return Err(NoHead::NotHttp),
    };
    let headers = response.headers.iter();
    let headers = headers
        .map(|header| (header.name.to_owned(), String::from_utf8_lossy(header.value).into_owned()))
        .collect();
    Ok(Some(Head {
        status: HttpStatus {
            code: response.code.unwrap_or_default(),
            reason: clean(response.reason.unwrap_or_default()),
        },
        headers,
        rest: bytes.get(length..).unwrap_or_default().to_vec(),
    }))
}

fn clean(reason: &str) -> String {
    let reason: String = reason.chars().filter(|c| !c.is_control()).collect();
    reason.trim_end().to_owned()
}

/// A header as it may be shown: a value that may grant access is hidden.
pub(super) fn shown(name: &str, value: &str) -> HttpHeader {
    let value = value.trim();
    let value = if is_secret_header(name) {
        None
    } else if name.to_ascii_lowercase().ends_with("location") {
        Some(without_query(value))
    } else {
        Some(value.to_owned())
    };
    HttpHeader { name: name.to_owned(), value }
}

/// Whether a header can be sent as it is (RFC 9110, 5.1 and 5.5).
pub(super) fn is_sendable(name: &str, value: &str) -> bool {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(is_token) && !value.chars().any(|c| c.is_control() && c != '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Head, NoHead> {
        pollster::block_on(read_head(&mut &bytes[..]))
    }

    #[test]
    fn a_head_is_read_and_what_follows_is_kept() {
        let head = read(b"HTTP/1.1 101 Switching Protocols\r\nUPGRADE: websocket \r\n\r\nabc").unwrap();
        assert_eq!(head.status.to_string(), "101 Switching Protocols");
        assert_eq!((head.header("upgrade"), head.rest.as_slice()), (Some("websocket"), &b"abc"[..]));
    }

    #[test]
    fn what_is_no_head_is_told_apart() {
        assert!(matches!(read(b""), Err(NoHead::Closed)));
        assert!(matches!(read(b"\x15\x03\x03\x00\x02"), Err(NoHead::Tls)));
        assert!(matches!(read(b"\x20\x02\x00\x00"), Err(NoHead::NotHttp)));
        assert!(matches!(read(b"HTTP/1.1 200 OK\r\nA"), Err(NoHead::Io(_))));
        let endless = [b"HTTP/1.1 200 OK\r\nA: ".as_slice(), &b"x".repeat(20_000)].concat();
        assert!(matches!(read(&endless), Err(NoHead::TooLong)));
        let many = [b"HTTP/1.1 200 OK\r\n".as_slice(), &b"A: b\r\n".repeat(200)].concat();
        assert!(matches!(read(&many), Err(NoHead::TooLong)));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let after_a_status = [b"HTTP/1.1 200 ".as_slice(), &bytes].concat();
            for head in [read(&bytes), read(&after_a_status)].into_iter().flatten() {
                proptest::prop_assert!(head.status.to_string().chars().all(|c| !c.is_control()));
            }
        }
    }

    #[test]
    fn what_lets_somebody_in_is_not_shown() {
        for name in ["Authorization", "Set-Cookie", "X-Api-Key", "X-Amz-Security-Token"] {
            assert_eq!(shown(name, "hunter2"), HttpHeader { name: name.to_owned(), value: None });
        }
        for (name, value, seen) in [
            ("Server", "nginx ", "nginx"),
            ("Location", "https://h/a?code=hunter2", "https://h/a?…"),
            ("content-location", "/a#token=hunter2", "/a#…"),
            ("WWW-Authenticate", "Basic", "Basic"),
        ] {
            assert_eq!(shown(name, value).value.as_deref(), Some(seen), "{name}");
        }
    }

    #[test]
    fn a_header_with_a_line_break_is_not_sent() {
        assert!(is_sendable("X-Key", "a b"));
        for (name, value) in [("X-Key", "a\r\nHost: b"), ("X Key", "a"), ("", "a")] {
            assert!(!is_sendable(name, value), "{name}: {value}");
        }
    }
}
