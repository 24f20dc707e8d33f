//! MQTT in a websocket (RFC 6455; MQTT 5.0, 6): the upgrade. What follows it is in [`frames`].

mod frames;

use std::time::Instant;

use tokio::io::AsyncWriteExt as _;
use tungstenite::handshake::client::generate_key;
use tungstenite::handshake::derive_accept_key;

pub(super) use crate::mqtt::wire::websocket::frames::FrameError;

use crate::mqtt::failure::Failure;
use crate::mqtt::options::{ConnectOptions, WebsocketOptions, without_query};
use crate::mqtt::step::{Outcome, Report, Step};
use crate::mqtt::wire::deadline::Deadline;
use crate::mqtt::wire::http::{Head, NoHead, header_line, is_sendable, read_head};
use crate::mqtt::wire::websocket::frames::Frames;
use crate::mqtt::wire::{Stream, address, explain};

/// How the step is called.
pub(super) fn step_name(options: &ConnectOptions) -> String {
    let path = without_query(&path(&options.websocket));
    format!("Websocket upgrade at {}://{}{path}", options.protocol.scheme(), address(options))
}

fn path(options: &WebsocketOptions) -> String {
    let path = options.path.trim();
    if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

/// Upgrades the stream.
pub(super) async fn upgrade(
    stream: Box<dyn Stream>,
    options: &ConnectOptions,
    deadline: Deadline,
    report: Report<'_>,
) -> Result<Box<dyn Stream>, Failure> {
    let what = step_name(options);
    let since = Instant::now();
    let mut details = sent(&options.websocket);
    let result = match deadline.limit(ask(stream, options, &what, &mut details)).await {
        Some(result) => result,
        None => Err(explain::websocket_timeout(&what, &deadline.words())),
    };
    let step = match &result {
        Ok((_, None)) => Step::ok(what, since.elapsed()),
        Ok((_, Some(warning))) => {
            Step { outcome: Outcome::Warning(warning.clone()), ..Step::ok(what, since.elapsed()) }
        }
        Err(failure) => Step::failed(failure, since.elapsed()),
    };
    report(Step { details, ..step });
    result.map(|(stream, _)| stream)
}

/// The headers of a person's own that are sent, for the doctor.
fn sent(options: &WebsocketOptions) -> Vec<String> {
    options.headers.iter().map(|(name, value)| format!("sent {}", header_line(name, value))).collect()
}

/// Sends the request and looks at the answer; with a warning where it works and yet is not right.
async fn ask(
    mut stream: Box<dyn Stream>,
    options: &ConnectOptions,
    what: &str,
    details: &mut Vec<String>,
) -> Result<(Box<dyn Stream>, Option<String>), Failure> {
    let key = generate_key();
    let request = request(options, &key).map_err(|(why, help)| Failure::new(what, why, help))?;
    let head = async {
        stream.write_all(request.as_bytes()).await.map_err(NoHead::Io)?;
        stream.flush().await.map_err(NoHead::Io)?;
        read_head(&mut stream).await
    };
    let head = head.await.map_err(|why| explain::websocket_without_head(what, &why, options.protocol))?;
    details.push(head.status_line());
    details.extend(head.lines());
    if head.status != 101 {
        return Err(explain::websocket_status(what, &head, options.protocol));
    }
    let warning = check(&head, &key, &options.websocket.subprotocol)
        .map_err(|(why, help)| Failure::new(what, why, help))?;
    Ok((Box::new(Frames::new(stream, head.rest)), warning))
}

/// The upgrade request, or what of it cannot be sent and what to try.
fn request(options: &ConnectOptions, key: &str) -> Result<String, (String, &'static str)> {
    let WebsocketOptions { headers, subprotocol, .. } = &options.websocket;
    let path = path(&options.websocket);
    if !path.bytes().all(|byte| byte.is_ascii_graphic()) {
        let why = "the path has a character that a URL cannot have";
        return Err((why.to_owned(), "Write it as %20 for a blank, and so on."));
    }
    let host = host_header(options);
    let own = [
        ("Host", host.as_str()),
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", key),
        ("Sec-WebSocket-Protocol", subprotocol.trim()),
    ];
    let own = own.into_iter().filter(|(_, value)| !value.is_empty());
    let chosen = headers.iter().map(|(name, value)| (name.trim(), value.trim()));
    let mut lines = vec![format!("GET {path} HTTP/1.1")];
    for (name, value) in own.chain(chosen) {
        if !is_sendable(name, value) {
            let why = format!("the header {name:?} has a character that no header can have");
            return Err((why, "Check the name and the value of the header."));
        }
        lines.push(format!("{name}: {value}"));
    }
    Ok(lines.join("\r\n") + "\r\n\r\n")
}

/// The host as a web server expects it: without the port that its protocol has anyway.
fn host_header(options: &ConnectOptions) -> String {
    let address = address(options);
    if options.port == options.protocol.default_port() {
        address.rsplit_once(':').map_or(address.clone(), |(host, _)| host.to_owned())
    } else {
        address
    }
}

/// Whether the answer is that of a websocket server that takes MQTT (RFC 6455, 4.1).
fn check(head: &Head, key: &str, asked: &str) -> Result<Option<String>, (String, &'static str)> {
    let has = |name: &str, word: &str| {
        head.header(name)
            .is_some_and(|value| value.split(',').any(|part| part.trim().eq_ignore_ascii_case(word)))
    };
    if !has("Upgrade", "websocket") || !has("Connection", "upgrade") {
        let why = "the answer does not switch to a websocket".to_owned();
        return Err((why, "Something between may not let websockets through."));
    }
    if head.header("Sec-WebSocket-Accept") != Some(derive_accept_key(key.as_bytes()).as_str()) {
        let why = "the answer is not to this request: Sec-WebSocket-Accept is wrong".to_owned();
        return Err((why, "A cache may stand between, or the server is no websocket server."));
    }
    if head.header("Sec-WebSocket-Extensions").is_some_and(|extensions| !extensions.is_empty()) {
        let why = "the server uses a websocket extension that was not asked for".to_owned();
        return Err((why, "The server or something between is broken."));
    }
    match head.header("Sec-WebSocket-Protocol").unwrap_or_default() {
        chosen if chosen == asked => Ok(None),
        "" => {
            Ok(Some(format!("the broker does not confirm the sub-protocol {asked}, which MQTT asks of it")))
        }
        chosen if asked.is_empty() => Ok(Some(format!("the broker chose the sub-protocol {chosen} unasked"))),
        chosen => {
            let why = format!("the broker speaks the sub-protocol {chosen}, and {asked} was asked for");
            Err((why, "Choose that sub-protocol if it is one of MQTT, or check the path."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::options::Protocol;

    fn options(websocket: WebsocketOptions) -> ConnectOptions {
        ConnectOptions {
            protocol: Protocol::Ws,
            host: "::1".to_owned(),
            port: 80,
            websocket,
            ..Default::default()
        }
    }

    fn with_header(name: &str, value: &str) -> ConnectOptions {
        let headers = vec![(name.to_owned(), value.to_owned())];
        options(WebsocketOptions { headers, ..Default::default() })
    }

    #[test]
    fn the_request_has_what_was_chosen_and_nothing_twice() {
        let request = super::request(&with_header("X-Key", " a"), "k").unwrap();
        assert!(request.starts_with("GET /mqtt HTTP/1.1\r\n") && request.ends_with("\r\n\r\n"), "{request}");
        for line in ["Sec-WebSocket-Protocol: mqtt", "Host: [::1]", "X-Key: a"] {
            assert_eq!(request.matches(&format!("\r\n{line}\r\n")).count(), 1, "{request}");
        }
    }

    #[test]
    fn what_would_break_the_request_is_refused() {
        assert!(request(&with_header("X", "a\r\nY: b"), "k").is_err());
        let path = options(WebsocketOptions { path: "/a b".to_owned(), ..Default::default() });
        assert!(request(&path, "k").is_err());
    }

    #[test]
    fn a_query_is_not_shown() {
        let options =
            options(WebsocketOptions { path: "mqtt?token=hunter2".to_owned(), ..Default::default() });
        assert_eq!(step_name(&options), "Websocket upgrade at ws://[::1]:80/mqtt?…");
    }

    #[test]
    fn the_sub_protocol_must_be_the_one_asked_for() {
        let head = |subprotocol: &str| Head {
            status: 101,
            reason: String::new(),
            headers: [
                ("Upgrade", "WebSocket"),
                ("Connection", "keep-alive, Upgrade"),
                ("Sec-WebSocket-Accept", &derive_accept_key(b"k")),
                ("Sec-WebSocket-Protocol", subprotocol),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
            rest: Vec::new(),
        };
        assert_eq!(check(&head("mqtt"), "k", "mqtt"), Ok(None));
        assert!(check(&head(""), "k", "mqtt").unwrap().unwrap().contains("does not confirm"));
        assert!(check(&head("chat"), "k", "mqtt").unwrap_err().0.contains("chat"));
        assert!(check(&head("mqtt"), "another", "mqtt").unwrap_err().0.contains("Sec-WebSocket-Accept"));
    }
}
