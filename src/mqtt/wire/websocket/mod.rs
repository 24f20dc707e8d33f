//! The upgrade to a websocket for MQTT (RFC 6455; MQTT 5.0, 6). The frames after it are in [`frames`].

mod frames;

use std::time::Instant;

use tokio::io::AsyncWriteExt as _;
use tungstenite::handshake::client::generate_key;
use tungstenite::handshake::derive_accept_key;

pub(super) use crate::mqtt::wire::websocket::frames::FrameError;

use crate::mqtt::endpoint::Endpoint;
use crate::mqtt::failure::{Failure, Hint, WebsocketCause};
use crate::mqtt::options::{ConnectOptions, WebsocketOptions, without_query};
use crate::mqtt::step::{Detail, Step, StepOutcome, StepReport, TakenStep, Warning};
use crate::mqtt::wire::deadline::Deadline;
use crate::mqtt::wire::http::{Head, NoHead, is_sendable, read_head, shown};
use crate::mqtt::wire::websocket::frames::Frames;
use crate::mqtt::wire::{Stream, explain};

/// The step that [`upgrade`] performs.
pub(super) fn step(options: &ConnectOptions) -> Step {
    let path = without_query(&path(&options.websocket));
    Step::WebsocketUpgrade(format!("{}://{}{path}", options.protocol.scheme(), Endpoint::of(options)))
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
    report: StepReport<'_>,
) -> Result<Box<dyn Stream>, Failure> {
    let step = step(options);
    let since = Instant::now();
    let mut details = sent(&options.websocket);
    let result = match deadline.limit(ask(stream, options, &step, &mut details)).await {
        Some(result) => result,
        None => Err(Failure::new(step.clone(), deadline.cause(), Hint::MqttMayWait)),
    };
    let taken = match &result {
        Ok((_, None)) => TakenStep::ok(step, since.elapsed()),
        Ok((_, Some(warning))) => {
            let outcome = StepOutcome::Warning(warning.clone());
            TakenStep { outcome, ..TakenStep::ok(step, since.elapsed()) }
        }
        Err(failure) => TakenStep::failed(failure, since.elapsed()),
    };
    report(TakenStep { details, ..taken });
    result.map(|(stream, _)| stream)
}

/// The custom headers that are sent, for the doctor.
fn sent(options: &WebsocketOptions) -> Vec<Detail> {
    options.headers.iter().map(|(name, value)| Detail::HeaderSent(shown(name, value))).collect()
}

/// Sends the request and checks the answer. Returns a warning if it works but is not quite right.
async fn ask(
    mut stream: Box<dyn Stream>,
    options: &ConnectOptions,
    step: &Step,
    details: &mut Vec<Detail>,
) -> Result<(Box<dyn Stream>, Option<Warning>), Failure> {
    let failure = |(cause, hint): Unusable| Failure::new(step.clone(), cause, hint);
    let key = generate_key();
    let request = request(options, &key).map_err(failure)?;
    let head = async {
        stream.write_all(request.as_bytes()).await.map_err(NoHead::Io)?;
        stream.flush().await.map_err(NoHead::Io)?;
        read_head(&mut stream).await
    };
    let head =
        head.await.map_err(|why| explain::websocket_without_head(step.clone(), &why, options.protocol))?;
    details.extend(head.details());
    if head.status.code != 101 {
        return Err(explain::websocket_status(step.clone(), &head, options.protocol));
    }
    let warning = check(&head, &key, &options.websocket.subprotocol).map_err(failure)?;
    Ok((Box::new(Frames::new(stream, head.rest)), warning))
}

/// Why a request or an answer cannot be used, and what may help.
type Unusable = (WebsocketCause, Hint);

/// The upgrade request, or the part of it that cannot be sent.
fn request(options: &ConnectOptions, key: &str) -> Result<String, Unusable> {
    let WebsocketOptions { headers, subprotocol, .. } = &options.websocket;
    let path = path(&options.websocket);
    if !path.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err((WebsocketCause::PathCharacter, Hint::EscapePath));
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
            return Err((WebsocketCause::HeaderCharacter(name.to_owned()), Hint::CheckHeader));
        }
        lines.push(format!("{name}: {value}"));
    }
    Ok(lines.join("\r\n") + "\r\n\r\n")
}

/// The host as a web server expects it: without the protocol's default port.
fn host_header(options: &ConnectOptions) -> String {
    let address = Endpoint::of(options).to_string();
    if options.port == options.protocol.default_port() {
        address.rsplit_once(':').map_or(address.clone(), |(host, _)| host.to_owned())
    } else {
        address
    }
}

/// Whether the answer comes from a websocket server that accepts MQTT (RFC 6455, 4.1).
fn check(head: &Head, key: &str, asked: &str) -> Result<Option<Warning>, Unusable> {
    let has = |name: &str, word: &str| {
        head.header(name)
            .is_some_and(|value| value.split(',').any(|part| part.trim().eq_ignore_ascii_case(word)))
    };
    if !has("Upgrade", "websocket") || !has("Connection", "upgrade") {
        return Err((WebsocketCause::NotSwitched, Hint::WebsocketsBlocked));
    }
    if head.header("Sec-WebSocket-Accept") != Some(derive_accept_key(key.as_bytes()).as_str()) {
        return Err((WebsocketCause::WrongAccept, Hint::CacheBetween));
    }
    if head.header("Sec-WebSocket-Extensions").is_some_and(|extensions| !extensions.is_empty()) {
        return Err((WebsocketCause::Extension, Hint::ServerBroken));
    }
    match head.header("Sec-WebSocket-Protocol").unwrap_or_default() {
        chosen if chosen == asked => Ok(None),
        "" => Ok(Some(Warning::SubprotocolUnconfirmed(asked.to_owned()))),
        chosen if asked.is_empty() => Ok(Some(Warning::SubprotocolUnasked(chosen.to_owned()))),
        chosen => {
            let (chosen, asked) = (chosen.to_owned(), asked.to_owned());
            Err((WebsocketCause::Subprotocol { chosen, asked }, Hint::ChooseSubprotocol))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::failure::HttpStatus;
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
        assert_eq!(step(&options), Step::WebsocketUpgrade("ws://[::1]:80/mqtt?…".to_owned()));
    }

    #[test]
    fn the_sub_protocol_must_be_the_one_asked_for() {
        let head = |subprotocol: &str| Head {
            status: HttpStatus { code: 101, reason: String::new() },
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
        let unconfirmed = Warning::SubprotocolUnconfirmed("mqtt".to_owned());
        assert_eq!(check(&head(""), "k", "mqtt"), Ok(Some(unconfirmed)));
        let other = WebsocketCause::Subprotocol { chosen: "chat".to_owned(), asked: "mqtt".to_owned() };
        assert_eq!(check(&head("chat"), "k", "mqtt").unwrap_err().0, other);
        assert_eq!(check(&head("mqtt"), "another", "mqtt").unwrap_err().0, WebsocketCause::WrongAccept);
    }
}
